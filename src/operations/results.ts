import type { ErrorKind, Failure } from "../domain/errors.js";
import type { Conflict, PhotoDocument } from "../domain/photo.js";
import type { HeldBack } from "../ports/phase.js";
import type { PlannedCosts } from "./plan-costs.js";
import type { StoreProof, Way } from "./store-proofs.js";

/** How a run ended as a whole; the CLI turns it into the exit code with the same table as errors. */
export type Outcome =
  | "done"
  | Extract<ErrorKind, "partial" | "conflict" | "integrity" | "auth" | "transient" | "cancelled">;

/** What every operation returns; the CLI adds `command` and `ok` and prints it for `--json`. */
export interface OperationResult {
  /** Absolute path of the library. */
  readonly library: string;
  readonly dry_run: boolean;
  /** The commit this run made, or null. */
  readonly commit: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
  readonly outcome: Outcome;
}

/** One line of a printed plan. */
export interface PlannedStep {
  readonly action: string;
  readonly photo_id: string;
  readonly target: string;
  readonly why: string;
  readonly bytes?: number;
}

export interface InitResult extends OperationResult {
  readonly created: readonly string[];
}

/** One verdict's sums over the byte streams of archives and folders that were read. */
export interface StreamSum {
  readonly verdict: string;
  readonly streams: number;
  readonly bytes: number;
}

/** What reading an account over the network came to. */
export interface ReadAccount {
  readonly service: string;
  readonly provider: string;
  /** Photos and videos that were listed. */
  readonly seen: number;
  /** Of these, the ones that are there as they were known. */
  readonly unchanged: number;
  readonly downloaded: number;
  readonly bytes: number;
  /** No longer there. */
  readonly gone: number;
  /** Passed over: not asked for, or the service gives no bytes of them. */
  readonly left: number;
  /** True where the next scan may go on from here. */
  readonly whole: boolean;
}

export interface DiscoverResult extends OperationResult {
  readonly counts: {
    readonly seen: number;
    readonly new: number;
    readonly updated: number;
    readonly unchanged: number;
    readonly duplicates: number;
    readonly skipped: number;
    readonly failed: number;
    /** Instances that are no longer on their service. */
    readonly gone: number;
  };
  readonly plan: readonly PlannedStep[];
  readonly sources: readonly {
    readonly path: string;
    readonly kind: "folder" | "google-takeout" | "flickr-export";
    readonly service: string;
  }[];
  /** Accounts of services that were read over the network. */
  readonly accounts: readonly ReadAccount[];
  /** Every byte stream accounted for, by verdict; `report` names the committed file with all of them. */
  readonly accounting: readonly StreamSum[];
  readonly report: string | null;
  readonly notes: readonly string[];
}

export interface ResolveResult extends OperationResult {
  readonly counts: {
    readonly photos: number;
    /** Photos that became variants of a better one of the same picture. */
    readonly joined: number;
    /** Questions whether two photos are one picture; they count as conflicts as well. */
    readonly asked: number;
    readonly conflicts: number;
    readonly auto_resolved: number;
    readonly needs_human: number;
    readonly resolved: number;
    /** Decisions of a person that were recorded by this run. */
    readonly decided: number;
  };
  readonly plan: readonly PlannedStep[];
  readonly open: readonly {
    readonly photo_id: string;
    readonly filename: string;
    readonly conflicts: readonly Conflict[];
  }[];
  /** The file that open questions were written to, `-` for standard output, and how many; null where none was asked for. */
  readonly exported: { readonly file: string; readonly questions: number } | null;
}

/** What a plan asks of an account. */
export interface ForetoldService {
  readonly name: string;
  readonly steps: number;
  /** About how many requests they take when all goes well. */
  readonly requests: number;
  /** What the service allows in a day, and what is used of it; null where it counts no days. */
  readonly quota: { readonly used: number; readonly per_day: number; readonly resets_at: string } | null;
}

/** What became of the library's Git bundle in one store. */
export interface ToldBundle {
  readonly store: string;
  readonly outcome: "planned" | "sent";
  readonly why: string;
  /** Its name in the store; null before it is made. */
  readonly name: string | null;
  readonly bytes: number | null;
  /** Older generations that were removed after it was proven. */
  readonly removed: number;
}

export interface ReplicateResult extends OperationResult {
  readonly counts: {
    readonly planned: number;
    readonly done: number;
    readonly skipped: number;
    readonly failed: number;
    readonly bytes: number;
  };
  readonly plan: readonly PlannedStep[];
  /** Stores that get, or got, a bundle of the library; what failed is among the failures. */
  readonly bundles: readonly ToldBundle[];
  readonly held: readonly HeldBack[];
  /** What a dry run's plan costs, by stores whose prices are known; empty once it is done. */
  readonly costs: readonly PlannedCosts[];
  /** The accounts that the plan writes to, sorted by name. */
  readonly services: readonly ForetoldService[];
  /** What was found and put right on the way: wrong bytes under a key, and where they are kept now. */
  readonly notes: readonly string[];
}

export interface StatusResult extends OperationResult {
  readonly counts: {
    readonly photos: number;
    readonly discovered: number;
    readonly resolved: number;
    readonly replicated: number;
    readonly conflicts: number;
    readonly discrepancies: number;
    readonly bytes: number;
    /** Photos that were forgotten everywhere, of which a tombstone stays. */
    readonly forgotten: number;
  };
  readonly services: readonly {
    readonly name: string;
    readonly provider: string;
    readonly photos: number;
    /** RFC 3339, or null when it was never looked at. */
    readonly last_discover: string | null;
    readonly note: string | null;
  }[];
  readonly stores: readonly {
    readonly name: string;
    readonly type: string;
    readonly where: string;
    readonly replicas: number;
    readonly missing: number;
    /** When every byte was last proven, all of them or as the samples came round. */
    readonly last_verify: string | null;
    /** The last check in each way, the latest first; those of this computer alone. */
    readonly proofs: readonly (Omit<StoreProof, "next" | "round"> & {
      readonly way: Way;
      /** How far the present round of samples has come; 100 where the last one is complete. */
      readonly round_percent: number;
    })[];
    readonly note: string | null;
  }[];
  /** Originals that discover keeps in `.photosync/staging` until a store has them. */
  readonly staged: number;
  /** Files in the library that differ from the last commit. */
  readonly uncommitted: readonly string[];
  /** What to do next, most useful first: a command and why. */
  readonly next: readonly { readonly command: string; readonly why: string }[];
}

export interface OperationSummary {
  /** First 12 digits of the commit; `undo` takes it. */
  readonly id: string;
  readonly revision: string;
  readonly at: string;
  readonly author: string;
  /** `discover`, `resolve`, `replicate`, `visibility`, `forget`, `init`, `undo`, or `edit` for a commit that photosync did not make. */
  readonly command: string;
  readonly summary: string;
  readonly undoes: string | null;
  readonly undone_by: string | null;
  readonly report: string | null;
}

export interface LogResult extends OperationResult {
  readonly counts: { readonly operations: number };
  readonly operations: readonly OperationSummary[];
}

export interface UndoResult extends OperationResult {
  readonly counts: {
    readonly restored: number;
    readonly removed: number;
    readonly recreated: number;
    readonly kept_narrower: number;
  };
  readonly undone: OperationSummary;
}

export interface ShowResult extends OperationResult {
  readonly photo: PhotoDocument;
  readonly path: string;
}

export interface ListedPhoto {
  readonly photo_id: string;
  readonly taken_date: string | null;
  readonly filename: string;
  readonly mime_type: string;
  readonly bytes: number;
  readonly processing_state: string;
  readonly visibility: string;
  readonly services: readonly string[];
  readonly stores: readonly string[];
  readonly conflicts: number;
  readonly path: string;
}

export interface ListResult extends OperationResult {
  readonly counts: { readonly photos: number };
  readonly photos: readonly ListedPhoto[];
}

export interface DoctorResult extends OperationResult {
  readonly counts: {
    readonly ok: number;
    readonly warnings: number;
    readonly problems: number;
    /** What nobody knows before it was tried; only `--live` looks. */
    readonly unconfirmed: number;
  };
  readonly checks: readonly {
    readonly name: string;
    readonly level: "ok" | "warning" | "problem" | "unconfirmed";
    readonly found: string;
    readonly advice: string | null;
  }[];
}

/** What `demo` ran, step by step. */
export interface DemoResult extends OperationResult {
  readonly counts: { readonly steps: number };
  readonly steps: readonly { readonly command: string; readonly exit: number }[];
}

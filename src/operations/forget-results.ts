import type { BlobTrace } from "../ports/blob-store.js";
import type { OperationResult } from "./results.js";

/** A file that goes: in a store, or of those that are kept at hand (`staging`). */
export interface ForgottenFile {
  readonly store: string | null;
  readonly kind: BlobTrace["kind"] | "staged";
  readonly where: string;
  /** Null where nobody can tell, as of an unfinished upload. */
  readonly bytes: number | null;
}

/** What stays, because photosync may not or cannot remove it. */
export interface Staying {
  readonly kind: "service" | "source" | "shared" | "bundle" | "versions" | "history";
  readonly where: string;
  readonly why: string;
}

/** A store that cannot be cleared now. */
export interface PendingStore {
  readonly store: string;
  readonly why: string;
}

export interface ForgetResult extends OperationResult {
  readonly counts: {
    /** Files that were found, and their bytes. */
    readonly files: number;
    readonly bytes: number;
    /** Of these and of what came meanwhile, those that were removed by this run. */
    readonly removed: number;
    /** Stores that wait to be cleared. */
    readonly pending: number;
  };
  readonly photo_id: string;
  /** Null where the photo was forgotten before. */
  readonly filename: string | null;
  /** Path of the tombstone in the library. */
  readonly tombstone: string;
  readonly files: readonly ForgottenFile[];
  readonly pending: readonly PendingStore[];
  readonly stays: readonly Staying[];
}

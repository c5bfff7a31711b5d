import type { Failure } from "../../domain/errors.js";
import type { Reading } from "../../domain/finding.js";
import type { ContentHash, PhotoId } from "../../domain/ids.js";
import type { Visibility } from "../../domain/visibility.js";
import { shortDigestOf } from "../../infra/hash.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Plan, Step, StepResult } from "../../ports/phase.js";
import type { Finding, PhotoSource, StreamAccount } from "../../ports/photo-source.js";
import type { ScanMemory } from "./examine.js";
import type { FoldedPhoto } from "./folding.js";
import type { LiveSource } from "./live/live-source.js";
import type { Keeping } from "./read-entry.js";
import type { FindingLog } from "./scan-store.js";

export interface DiscoverStep extends Step {
  readonly action: "create-photo" | "update-photo";
  readonly photo_id: PhotoId;
  /** Where the document is now, or null for a new photo. */
  readonly path: string | null;
  /** Numbers in the finding log, in the order to merge them. */
  readonly findings: readonly number[];
  /** Known photos that become variants of this one; a photo that takes them in is no new one. */
  readonly folds: readonly FoldedPhoto[];
}

/** A photo that sources showed anew or changed, as planning sees it. */
export interface SeenPhoto {
  readonly photoId: PhotoId;
  readonly path: string | null;
  readonly filename: string;
  readonly services: readonly string[];
  readonly findings: readonly number[];
  readonly folds: readonly FoldedPhoto[];
}

/** What looking at all sources came to, photos aside. */
export interface SeenCounts {
  readonly files: number;
  /** Files whose bytes another file of this run has too. */
  readonly duplicates: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
}

export interface DiscoverSeen extends SeenCounts {
  readonly base: string;
  /** New photos and those that something new was found of. */
  readonly changed: readonly SeenPhoto[];
  /** How many photos were seen as the library has them already. */
  readonly unchanged: number;
  readonly held: Plan<DiscoverStep>["held"];
  /**
   * The digest of what the sources list, where a run over the same listing would, once this plan is carried out, see
   * just the same with nothing left to do; else null.
   */
  readonly listing: string | null;
  /** True when all of it is known from an earlier run over the same listing. */
  readonly isRemembered: boolean;
}

/** What a run over a listing saw when it left nothing to do. */
export interface RememberedScan extends SeenCounts {
  readonly listing: string;
  readonly unchanged: number;
}

/** A finding by the bytes it is about and the digest of its whole content. */
export interface MergedFinding {
  readonly hash: ContentHash;
  readonly digest: string;
}

export interface DiscoverDeps {
  readonly libraryRoot: string;
  readonly sources: readonly PhotoSource[];
  /** Accounts of services, read after the sources. */
  readonly live: readonly LiveSource[];
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly memory: ScanMemory;
  readonly log: FindingLog;
  readonly reading: (hash: ContentHash) => Reading | undefined;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
  /** True when the document at the path is remembered to hold the finding of this digest already. */
  readonly isMerged: (merged: MergedFinding, path: string) => boolean;
  /** Told of documents that were read and found to hold these findings already. */
  readonly onMerged: (merged: readonly MergedFinding[], path: string) => void;
  /** What an earlier run over these sources saw while all documents told what they tell now; null to look anew. */
  readonly remembered: RememberedScan | null;
  readonly defaultVisibility: Visibility;
  /** Bytes of photos that were forgotten: never taken in again. */
  readonly forgotten: ReadonlyMap<ContentHash, unknown>;
  /** Where originals that are read are kept for `replicate`; null where keeping them does not pay. */
  readonly keeping: Keeping | null;
  readonly fresh: boolean;
  readonly since?: string;
  readonly onStream: (account: StreamAccount, source: PhotoSource) => void;
  /** Told what was observed, before it is planned: counts for the report. */
  readonly onSeen: (seen: DiscoverSeen) => void;
}

/** What a step's execution leaves for the commit. */
export interface DiscoverResultStep extends StepResult {
  readonly edits: readonly FileEdit[];
  /** Findings now held by the document: to be remembered once the commit is made. */
  readonly merged: readonly MergedFinding[];
}

/**
 * How a finding is recognised when it is seen again. The text depends on the order in which a source builds it, which a
 * new version may change: then the finding counts as a new one, and merging it finds out that it is not.
 */
export const asMerged = (finding: Finding): MergedFinding => ({
  hash: finding.original.hash,
  digest: shortDigestOf(JSON.stringify(finding)),
});

import type { Failure } from "../domain/errors.js";
import type { ContentHash, PhotoId } from "../domain/ids.js";
import type { InstanceCopy } from "../domain/photo.js";
import type { Examined } from "../ports/photo-source.js";

/** An instance on a service as the documents tell of it. */
export interface IndexedInstance {
  readonly photoId: PhotoId;
  /** Path of the document that tells of it. */
  readonly path: string;
  /** Of the bytes that it holds. */
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly quality: InstanceCopy["quality"];
  readonly stamp?: string;
  readonly isGone: boolean;
  /** A digest of all that the document says of it. */
  readonly said: string;
}

/** What was read at a place; how the place is named, its key tells. */
export interface ScannedFile {
  readonly stamp: string;
  readonly examined: Omit<Examined, "location" | "name">;
}

/** What one run over sources reported, to be reported again while nothing that it depends on has changed. */
export interface KeptScan {
  /** Digest of all that the run depended on beside the listing. */
  readonly circumstances: string;
  /** Digest of what the sources listed. */
  readonly listing: string;
  readonly unchanged: number;
  readonly files: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly unexplained: readonly Failure[];
  readonly notes: readonly string[];
  readonly accounting: readonly {
    readonly verdict: string;
    readonly streams: number;
    readonly bytes: number;
  }[];
}

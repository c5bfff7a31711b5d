import type { ContentHash } from "../domain/ids.js";

/** A stream being kept while it is read. Exactly one of `keep` and `drop` ends it. */
export interface StagedStream {
  write(chunk: Uint8Array): Promise<void>;
  /** Ends it and gives the bytes the name of their hash. */
  keep(hash: ContentHash): Promise<void>;
  drop(): Promise<void>;
}

/**
 * Bytes that `discover` has read and no store holds yet, by content hash, so that `replicate` need not read their source
 * again. A cache and nothing more: what it gives is proven before it counts, and losing it costs one more reading of the
 * sources. It never fails a run: when the disk fills up, it keeps nothing from then on, and leaves room for others.
 */
export interface Staging {
  /** Keeps bytes at hand; does nothing when they are kept already or there is no room. */
  keep(hash: ContentHash, bytes: Uint8Array): Promise<void>;
  /** Begins to keep a stream of about this size; null where there is no room for it. */
  begin(sizeBytes: number): Promise<StagedStream | null>;
  /** Absolute path of the kept bytes, a plain file of just this size, or null. */
  find(hash: ContentHash, sizeBytes: number): Promise<string | null>;
  /** Forgets bytes that every store has now; absent ones are no error. */
  forget(hash: ContentHash): Promise<void>;
}

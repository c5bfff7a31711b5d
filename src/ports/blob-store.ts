import type { BlobKey, ContentHash } from "../domain/ids.js";
import type { Call } from "./call.js";

/** Bytes to be stored. `open` may be called again: a retry starts over. */
export interface BlobSource {
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

export type PutOutcome =
  /** Written now, read back, and equal to the hash. */
  | { readonly kind: "stored" }
  /** The right bytes were there already (proven by reading them); nothing was written. */
  | { readonly kind: "already" }
  /** Wrong bytes stood under the key: they were set aside at `asidePath`, and the right ones written and proven. */
  | { readonly kind: "replaced"; readonly asidePath: string };

/**
 * Keeps immutable blobs by key. Atomic: a reader sees all of a blob or none. After `put` resolves, `stat`, `get` and
 * `list` see it, it survives a power cut, and its bytes have been proven equal to the hash. Errors:
 * `blob.wrong-bytes` (integrity: the source's bytes do not have the hash; nothing is left behind), `store.no-space`,
 * `store.read-only`, `store.unavailable` (the root is gone, say an unplugged disk), `blob.not-found`, `cancelled`.
 */
export interface BlobStore {
  readonly name: string;
  put(blob: BlobSource, call: Call): Promise<PutOutcome>;
  /** The blob's bytes, or those of `range` [first, last]. Throws `blob.not-found`. */
  get(key: BlobKey, call: Call & { readonly range?: readonly [number, number] }): AsyncIterable<Uint8Array>;
  /** Sizes of those that are there; an absent one is simply not in the map. Throws `store.unavailable` when nothing can be said. */
  stat(keys: readonly BlobKey[], call: Call): Promise<ReadonlyMap<BlobKey, number>>;
  /** All blobs, sorted by key, from after `after`. Foreign files in the store are left out. */
  list(
    call: Call & { readonly after?: BlobKey },
  ): AsyncIterable<{ readonly key: BlobKey; readonly sizeBytes: number }>;
  /** Lists every replica in the store's `SHA256SUMS`, replacing the old list atomically; `entries` sorted by key. */
  writeChecksumList(
    entries: AsyncIterable<{ readonly key: BlobKey; readonly hash: ContentHash }>,
    call: Call,
  ): Promise<void>;
}

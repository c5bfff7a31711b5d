import type { BundleName } from "../domain/bundle-name.js";
import type { ContentHash } from "../domain/ids.js";
import type { Call } from "./call.js";

/** A Git bundle to be kept. `open` may be called again: a retry starts over. */
export interface BundleSource {
  readonly name: BundleName;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A bundle that a store has, and the size of what lies there. */
export interface KeptBundle {
  readonly name: BundleName;
  readonly sizeBytes: number;
}

/**
 * Where a store keeps Git bundles of the library, beside the blobs: files under `library/` with names that sort by time. Atomic: a reader
 * sees all of a bundle or none, and what `put` kept survives a power cut. Foreign files there are left alone. Errors are those of
 * `BlobStore`, and `bundle.wrong-bytes` and `bundle.not-found` (integrity).
 */
export interface BundleShelf {
  /** Keeps a bundle and proves it like a blob; starts a `new` store. What stands under its name is left where it is right, else replaced. */
  put(bundle: BundleSource, call: Call): Promise<void>;
  /** Every bundle, sorted by name. Throws `store.unavailable` unless the store is `ready`. */
  list(call: Call): Promise<readonly KeptBundle[]>;
  /** A bundle's bytes. Throws `bundle.not-found`. */
  get(name: BundleName, call: Call): AsyncIterable<Uint8Array>;
  /** Takes a bundle away; one that is not there is gone already. */
  remove(name: BundleName, call: Call): Promise<void>;
}

import type { BlobKey } from "../../src/domain/ids.js";
import type { BlobStore } from "../../src/ports/blob-store.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";

/** A store that was never used, and ways to look behind it. */
export interface OpenedStore {
  readonly store: BlobStore;
  /** Puts these bytes under a key as another program would, past the store. */
  plant(key: BlobKey, bytes: Uint8Array): Promise<void>;
  /** Puts these bytes beside the bundles, under this name, as another program would. */
  plantBundle(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes that were set aside at `asidePath`. */
  readAside(asidePath: string): Promise<Uint8Array>;
  /** The text of the checksum list. */
  readChecksumList(): Promise<string>;
  /** Names of everything left of unfinished writes. */
  leftovers(): Promise<readonly string[]>;
  close?(): Promise<void>;
}

export interface BlobStoreContractOptions {
  open(): Promise<OpenedStore>;
  /** What a never-used store says it is; `ready` for stores that cannot be mistaken for another (default `new`). */
  readonly neverUsed?: "new" | "ready";
  /** Size of the biggest blob tried: one byte over a part for stores that write in parts. */
  readonly bigBytes?: number;
}

/** A call that nobody aborts. */
export const call = { signal: new AbortController().signal };

/** The blob that is in most stores first. */
export const first = blobOf(sampleBytes(1000, 1));

/** A test's body on a store of its own, which is closed afterwards. */
export const withStore =
  (options: BlobStoreContractOptions, run: (opened: OpenedStore) => Promise<void>) =>
  async (): Promise<void> => {
    const opened = await options.open();
    try {
      await run(opened);
    } finally {
      await opened.close?.();
    }
  };

/** The keys that a store lists. */
export async function keysOf(store: BlobStore, after?: BlobKey): Promise<BlobKey[]> {
  const keys: BlobKey[] = [];
  for await (const { key } of store.list(after === undefined ? call : { ...call, after })) keys.push(key);
  return keys;
}

/** The values as a stream. */
export async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

import { type Failure, failureOf, PhotosyncError } from "../../domain/errors.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { Written } from "../../ports/file-tree.js";
import { isStoreWide } from "../replicate/store-stops.js";
import type { PlannedBlob } from "./restore-plan.js";

/** What came of one blob. */
export type Fetched =
  | Exclude<Written, { readonly kind: "wrong-bytes" }>
  /** No store gave the right bytes; the failure is null where stores that stopped are all there was to ask. */
  | { readonly kind: "none"; readonly failure: Failure | null };

/** Reads blobs from the stores that hold them, and remembers the stores that can give nothing more in this run. */
export interface StoreReader {
  /**
   * Tries the blob's stores in turn until `write` has taken the right bytes from one. Bad replicas met on the way are told
   * to `onBad`. What `write` throws of its own passes through.
   */
  fetch(
    photoId: string,
    blob: PlannedBlob,
    write: (chunks: AsyncIterable<Uint8Array>) => Promise<Written>,
    call: Call,
  ): Promise<Fetched>;
  /** One failure for each store that stopped. */
  stopped(): readonly Failure[];
}

export interface StoreReaderSettings {
  readonly stores: ReadonlyMap<string, BlobStore>;
  /** A replica that is recorded and not there, or wrong: it is reported even where another store had the right bytes. */
  readonly onBad: (store: string, blob: PlannedBlob, failure: Failure) => void;
}

/** Marks an error as the store's, not the writer's. */
class StoreTrouble {
  readonly error: PhotosyncError;
  constructor(error: PhotosyncError) {
    this.error = error;
  }
}

const MEND =
  "Mend it with: photosync verify --repair --deep, which copies it there again from where it is right.";

const missing = (photoId: string, store: string, { key }: PlannedBlob): Failure => ({
  subject: photoId,
  code: "replica.missing",
  message: `Store ${store} has no ${key}, although it was proven there before.`,
  hint: MEND,
});

const corrupt = (photoId: string, store: string, blob: PlannedBlob, found: string): Failure => ({
  subject: photoId,
  code: "replica.corrupt",
  message: `Store ${store} holds wrong bytes at ${blob.key}: expected ${blob.hash} (${blob.bytes} bytes), found ${found}. They were not restored.`,
  hint: MEND,
});

/** A reader of these stores. */
export function storeReader({ stores, onBad }: StoreReaderSettings): StoreReader {
  const stops = new Map<string, { readonly error: PhotosyncError; leftOver: number }>();

  async function* bytesFrom(store: BlobStore, blob: PlannedBlob, call: Call): AsyncGenerator<Uint8Array> {
    try {
      yield* store.get(blob.key, call);
    } catch (error) {
      if (error instanceof PhotosyncError && error.kind !== "cancelled") throw new StoreTrouble(error);
      throw error;
    }
  }

  return {
    async fetch(photoId, blob, write, call) {
      let failure: Failure | null = null;
      const silent: { leftOver: number }[] = [];
      for (const name of blob.stores) {
        const store = stores.get(name);
        const stop = stops.get(name);
        if (stop !== undefined) {
          silent.push(stop);
          continue;
        }
        if (store === undefined) continue;
        try {
          const written = await write(bytesFrom(store, blob, call));
          if (written.kind !== "wrong-bytes") return written;
          const bad = corrupt(photoId, name, blob, written.found);
          onBad(name, blob, bad);
          failure = bad;
        } catch (thrown) {
          if (!(thrown instanceof StoreTrouble)) throw thrown;
          const { error } = thrown;
          if (error.code === "blob.not-found") {
            failure = missing(photoId, name, blob);
            onBad(name, blob, failure);
          } else if (isStoreWide(error)) {
            const stopping = stops.get(name) ?? { error, leftOver: 0 };
            stops.set(name, stopping);
            silent.push(stopping);
          } else failure = failureOf(photoId, error);
        }
      }
      for (const stop of silent) stop.leftOver++;
      return { kind: "none", failure };
    },
    stopped: () =>
      Array.from(stops, ([store, { error, leftOver: count }]) => ({
        subject: `store ${store}`,
        code: error.code,
        message: `${error.message}${count > 0 ? ` Files left over for it: ${count}.` : ""}`,
        hint: error.next.join(" "),
      })),
  };
}

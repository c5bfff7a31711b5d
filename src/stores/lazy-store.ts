import { PhotosyncError } from "../domain/errors.js";
import type { BlobStore } from "../ports/blob-store.js";
import { TRANSFERS_AT_ONCE } from "./transfers-at-once.js";

/**
 * A store whose adapter is loaded when it is first asked: what talks to buckets takes half a second to load. What opening it throws is thrown by
 * every call, and makes it `gone`.
 */
export function lazyStore(
  name: string,
  load: () => Promise<BlobStore>,
  atOnce: number = TRANSFERS_AT_ONCE,
): BlobStore {
  let opening: Promise<BlobStore> | undefined;
  let opened: BlobStore | undefined;
  let refused: PhotosyncError | null = null;
  const store = async (): Promise<BlobStore> => {
    opening ??= load();
    opened = await opening;
    return opened;
  };
  return {
    name,
    async availability(call) {
      try {
        return await (await store()).availability(call);
      } catch (error) {
        if (opened !== undefined || !(error instanceof PhotosyncError)) throw error;
        refused = error;
        return "gone";
      }
    },
    trouble: () => refused ?? opened?.trouble?.() ?? null,
    prefersListing: true,
    atOnce,
    bundles: {
      put: async (bundle, call) => (await store()).bundles.put(bundle, call),
      list: async (call) => (await store()).bundles.list(call),
      async *get(name, call) {
        yield* (await store()).bundles.get(name, call);
      },
      remove: async (name, call) => (await store()).bundles.remove(name, call),
    },
    put: async (blob, call) => (await store()).put(blob, call),
    async *get(key, call) {
      yield* (await store()).get(key, call);
    },
    thaw: async (keys, options, call) => (await (await store()).thaw?.(keys, options, call)) ?? new Map(),
    stat: async (keys, call) => (await store()).stat(keys, call),
    checksums: async (keys, call) => (await (await store()).checksums?.(keys, call)) ?? null,
    async *list(call) {
      yield* (await store()).list(call);
    },
    writeChecksumList: async (entries, call) => (await store()).writeChecksumList(entries, call),
    checksumListStamp: async (call) => (await (await store()).checksumListStamp?.(call)) ?? null,
    async *readChecksumList(call) {
      yield* (await store()).readChecksumList(call);
    },
    traces: async (key, call) => (await store()).traces(key, call),
    remove: async (key, call) => (await store()).remove(key, call),
    sign: async (recorded, call) => (await store()).sign?.(recorded, call),
    sweep: async (call) => (await store()).sweep(call),
  };
}

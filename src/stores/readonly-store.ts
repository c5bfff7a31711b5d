import { PhotosyncError } from "../domain/errors.js";
import type { BlobStore } from "../ports/blob-store.js";

/**
 * The same store for a run that must change nothing: reading goes through, and every write throws
 * `bug.write-in-dry-run`, so that a dry run that would write is loud.
 */
export function readonlyStore(store: BlobStore): BlobStore {
  const refuse = async (deed: string): Promise<never> => {
    throw new PhotosyncError({
      kind: "bug",
      code: "bug.write-in-dry-run",
      message: `A run that must change nothing tried to ${deed} in the store "${store.name}"; nothing was changed.`,
    });
  };
  return {
    name: store.name,
    ...(store.prefersListing === undefined ? {} : { prefersListing: store.prefersListing }),
    ...(store.atOnce === undefined ? {} : { atOnce: store.atOnce }),
    availability: (call) => store.availability(call),
    trouble: () => store.trouble?.() ?? null,
    get: (key, call) => store.get(key, call),
    stat: (keys, call) => store.stat(keys, call),
    ...(store.checksums === undefined
      ? {}
      : { checksums: async (keys, call) => (await store.checksums?.(keys, call)) ?? null }),
    list: (call) => store.list(call),
    bundles: {
      list: (call) => store.bundles.list(call),
      get: (name, call) => store.bundles.get(name, call),
      put: () => refuse("store a bundle"),
      remove: () => refuse("remove a bundle"),
    },
    ...(store.checksumListStamp === undefined
      ? {}
      : { checksumListStamp: async (call) => (await store.checksumListStamp?.(call)) ?? null }),
    readChecksumList: (call) => store.readChecksumList(call),
    traces: (key, call) => store.traces(key, call),
    put: () => refuse("store a blob"),
    writeChecksumList: () => refuse("write the checksum list"),
    remove: () => refuse("remove a blob"),
    sweep: () => refuse("remove leftovers"),
  };
}

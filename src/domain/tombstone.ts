import type { BlobKey, ContentHash, PhotoId } from "./ids.js";

/** `tombstones/<photo_id>.json`: what stays of a photo that its owner had forgotten everywhere. */
export interface Tombstone {
  readonly schema_version: 1;
  readonly photo_id: PhotoId;
  /** RFC 3339 in UTC. */
  readonly forgotten_at: string;
  readonly forgotten_by: string;
  /** Bytes that are never taken in again, sorted: those that no other photo had. */
  readonly content_hashes: readonly ContentHash[];
  /** Under which keys stores had them, sorted. */
  readonly blob_keys: readonly BlobKey[];
  /** Stores that were not cleared yet, sorted. */
  readonly pending: readonly string[];
  /** Stores that keep earlier versions which photosync's keys may not remove, sorted; absent where there is none. */
  readonly older_versions?: readonly string[];
}

/** Where tombstones lie in a library. */
export const TOMBSTONES = "tombstones";

/** The path of a photo's tombstone. */
export const tombstonePath = (photoId: PhotoId): string => `${TOMBSTONES}/${photoId}.json`;

const united = <T extends string>(a: readonly T[], b: readonly T[]): readonly T[] =>
  [...new Set([...a, ...b])].sort();

/** One tombstone that knows what either knows: a photo may come back by a merge, and be forgotten again. */
export const withEarlier = (tombstone: Tombstone, earlier: Tombstone | null): Tombstone => {
  if (earlier === null) return tombstone;
  const older = united(tombstone.older_versions ?? [], earlier.older_versions ?? []);
  return {
    ...tombstone,
    content_hashes: united(tombstone.content_hashes, earlier.content_hashes),
    blob_keys: united(tombstone.blob_keys, earlier.blob_keys),
    pending: united(tombstone.pending, earlier.pending),
    ...(older.length === 0 ? {} : { older_versions: older }),
  };
};

/** The same tombstone once a store was cleared; the very same where nothing changes by it. */
export function withCleared(tombstone: Tombstone, store: string, olderStay: boolean): Tombstone {
  const older = tombstone.older_versions ?? [];
  if (!tombstone.pending.includes(store) && (!olderStay || older.includes(store))) return tombstone;
  return {
    ...tombstone,
    pending: tombstone.pending.filter((name) => name !== store),
    ...(olderStay ? { older_versions: united(older, [store]) } : {}),
  };
}

/** Which photo each forgotten content hash was of. */
export const forgottenHashes = (tombstones: readonly Tombstone[]): ReadonlyMap<ContentHash, Tombstone> =>
  new Map(tombstones.flatMap((each) => each.content_hashes.map((hash) => [hash, each] as const)));

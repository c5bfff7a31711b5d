import type { PhotosyncError } from "../domain/errors.js";
import type { BlobKey, ContentHash } from "../domain/ids.js";
import type { BundleShelf } from "./bundle-shelf.js";
import type { Call } from "./call.js";

/** Bytes to be stored. `open` may be called again: a retry starts over. */
export interface BlobSource {
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  /**
   * Absolute path of a file with these bytes that nobody else needs: the store may make it its own by a rename instead of
   * copying, and may leave it gone whatever comes of it. It is proven like any other bytes.
   */
  readonly spareFile?: string;
  /** True where nothing had the key a moment ago: a store that would not overwrite anyway need not look first. */
  readonly isNew?: boolean;
  /** May read straight into `into`, from its start on and no further than its end, and then yields parts of that. */
  open(into?: Uint8Array): AsyncIterable<Uint8Array>;
}

export type PutOutcome =
  /** Written now, read back, and equal to the hash. */
  | { readonly kind: "stored" }
  /** The right bytes were there already (proven by reading them); nothing was written. */
  | { readonly kind: "already" }
  /** Wrong bytes stood under the key: they were set aside at `asidePath`, and the right ones written and proven. */
  | { readonly kind: "replaced"; readonly asidePath: string };

/** What a store says of a blob without giving its bytes. */
export interface KeptChecksum {
  readonly sizeBytes: number;
  readonly hash: ContentHash | null;
}

/** One thing that a store has of a blob. */
export interface BlobTrace {
  /** `version`: an earlier state of the object, or of what was set aside; `upload`: one that was begun and not finished. */
  readonly kind: "blob" | "set-aside" | "version" | "upload";
  /** Where it lies, for people: a path or an address. */
  readonly where: string;
  /** Null where nobody can tell, as of an unfinished upload. */
  readonly sizeBytes: number | null;
}

/** What `remove` did. */
export interface Removal {
  /** How many traces went. */
  readonly removed: number;
  /** True where the store keeps earlier versions that the keys of this computer may not see or remove. */
  readonly olderStay: boolean;
}

/**
 * Whether a store can be asked at all:
 * - `ready`: it is there and has been used; what it says about its blobs can be believed.
 * - `new`: it is reachable, and nothing shows that it was ever used. The first `put` starts it.
 * - `gone`: it cannot be reached: an unplugged disk, a missing parent folder, another store's disk in its place.
 *
 * A store cannot tell a disk that was never used from an empty folder where a disk should be mounted. The caller can:
 * `new` for a store in which the documents record a replica means `gone`, and nothing may be put there.
 */
export type Availability = "ready" | "new" | "gone";

/** How archived blobs are asked back. */
export interface ThawOptions {
  /** For so many days they can then be read. */
  readonly days: number;
  /** The quicker, the dearer; where a store knows no haste, the next slower way is taken. */
  readonly tier: "expedited" | "standard" | "bulk";
  /** False: only look. */
  readonly ask: boolean;
}

/**
 * How an archived blob stands: `ready` can be read now, `asked` was asked back by this call (or would be), `coming` was before. `hours` is
 * the longest that it takes, as the provider says. `refused` neither could be asked back nor looked at.
 */
export type Thawing =
  | { readonly kind: "ready" }
  | { readonly kind: "absent" }
  | { readonly kind: "asked" | "coming"; readonly hours: number }
  | { readonly kind: "refused"; readonly error: PhotosyncError };

/**
 * Keeps immutable blobs by key. Atomic: a reader sees all of a blob or none. After `put` resolves, `stat`, `get` and
 * `list` see it, it survives a power cut, and its bytes have been proven equal to the hash. Any number of calls may
 * run at once, in several processes too, also for one key. A failed or aborted call may be repeated. Errors:
 * `blob.wrong-bytes` (integrity: the source's bytes do not have the hash; nothing is left behind), `store.unreliable`
 * (integrity: the store gave back other bytes than it was given; nothing is left behind), `store.no-space`,
 * `store.read-only`, `store.unavailable` (the store is `gone`, or is `new` where only a used one can answer),
 * `blob.not-found`, `store.archived` (transient: it has to be asked back before it can be read), `cancelled`. What a source throws passes through unchanged.
 */
export interface BlobStore {
  readonly name: string;
  /** True where a listing costs about as much as asking after a few blobs: a thousand of them come in one answer. */
  readonly prefersListing?: boolean;
  /** Transfers that it takes at once over a network, whatever goes on in other stores; not there for a disk of this computer. */
  readonly atOnce?: number;
  /** The Git bundles of the library that are kept beside its blobs. */
  readonly bundles: BundleShelf;
  /** Asked before planning. Never throws for a store that cannot be reached: that is `gone`. */
  availability(call: Call): Promise<Availability>;
  /**
   * Why the last `availability` said `gone`, or why a listing since then broke off, where the store was told; null where it was not, or
   * neither came to pass.
   */
  trouble?(): PhotosyncError | null;
  /** Keeps a blob and proves it. Starts a `new` store; once this object has seen the store used, it never starts it again. */
  put(blob: BlobSource, call: Call): Promise<PutOutcome>;
  /**
   * The blob's bytes, or those of `range` [first, last], cut off at the blob's end. A store may read them straight into `into`,
   * from its start on and no further than its end, and then yields parts of that. Throws `blob.not-found`.
   */
  get(
    key: BlobKey,
    call: Call & { readonly range?: readonly [number, number]; readonly into?: Uint8Array },
  ): AsyncIterable<Uint8Array>;
  /**
   * Asks those that lie in an archive back, so that they can be read hours later; asking again changes nothing. One that is refused
   * keeps no other from being asked. Absent where nothing is ever archived. Throws `store.unavailable` unless `ready`.
   */
  thaw?(keys: readonly BlobKey[], options: ThawOptions, call: Call): Promise<ReadonlyMap<BlobKey, Thawing>>;
  /** Sizes of those that are there; an absent one is simply not in the map. Throws `store.unavailable` unless `ready`. */
  stat(keys: readonly BlobKey[], call: Call): Promise<ReadonlyMap<BlobKey, number>>;
  /**
   * What the store itself keeps beside each blob that is there: its size, and the SHA-256 that it computed when it took the bytes, or null
   * where it tells none; null where it keeps none at all. Proves what was taken in, not what would be given back now.
   * Throws `store.unavailable` unless `ready`.
   */
  checksums?(keys: readonly BlobKey[], call: Call): Promise<ReadonlyMap<BlobKey, KeptChecksum> | null>;
  /**
   * All blobs, sorted by key, from after `after`. Foreign files in the store are left out. Throws `store.unavailable`
   * unless `ready`, also in the middle, so that a listing that ends without an error is a whole one.
   */
  list(
    call: Call & { readonly after?: BlobKey },
  ): AsyncIterable<{ readonly key: BlobKey; readonly sizeBytes: number }>;
  /**
   * Lists every replica in the store's `SHA256SUMS`, replacing the old list atomically; `entries` sorted by key.
   * An equal list is not written again. Throws `store.unavailable` unless `ready`.
   */
  writeChecksumList(
    entries: AsyncIterable<{ readonly key: BlobKey; readonly hash: ContentHash }>,
    call: Call,
  ): Promise<void>;
  /**
   * What tells the list that is there from any that was or will be there; null where there is none. It costs a look and no reading. Throws
   * `store.unavailable` unless `ready`.
   */
  checksumListStamp?(call: Call): Promise<string | null>;
  /** The text of `SHA256SUMS`; no bytes where there is none. Throws `store.unavailable` unless `ready`. */
  readChecksumList(call: Call): AsyncIterable<Uint8Array>;
  /**
   * All that the store has of a key: the blob, what was set aside from under it, earlier versions, unfinished uploads. What its
   * keys may not see is left out. Throws `store.unavailable` unless `ready`.
   */
  traces(key: BlobKey, call: Call): Promise<readonly BlobTrace[]>;
  /**
   * Removes all of these for good, and looks that the blob is gone. Nothing there is no error, and a call that was cut short may be
   * repeated. Only forgetting a photo asks for it. Throws `store.unavailable` unless `ready`, `store.unreliable` where the blob is
   * still there afterwards.
   */
  remove(key: BlobKey, call: Call): Promise<Removal>;
  /**
   * Says in the mark of a used store that does not say it that it is this library's, where the store holds one of these blobs in its size. Asks
   * for none where the mark says it, or cannot. Throws as `stat` does, and what writing throws.
   */
  sign?(
    recorded: () => Iterable<{ readonly key: BlobKey; readonly bytes: number }>,
    call: Call,
  ): Promise<void>;
  /**
   * Removes what interrupted writers left half-written, never a blob and never what a living writer is at work on.
   * Resolves to how many were removed; 0 unless `ready`. To be called with the library's lock held, before the first `put`.
   */
  sweep(call: Call): Promise<number>;
}

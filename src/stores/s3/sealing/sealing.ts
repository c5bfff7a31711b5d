import { type BlobKey, type ContentHash, isBlobKey } from "../../../domain/ids.js";
import { BUNDLES } from "../../bundle-file.js";
import { SET_ASIDE } from "../../set-aside.js";

/** Holds what opens all other objects of a sealed store, and marks it as one. */
export const KEY_FILE = "key.age";

/** What objects are called by their kind; known before any key is. */
export interface Layout {
  /** Under this lie the blobs, below the store's prefix. */
  readonly blobs: string;
  /** Under this lie the bundles. */
  readonly bundles: string;
  /** Under this lie the objects with which a server is tried. */
  readonly probes: string;
}

/** What was in a stream that was read to its end, or to the first byte too many. */
export interface Seen {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

/** One object on its way out. */
export interface Envelope {
  /** What must be known to give the same bytes again in a later process; null where nothing. It opens nothing. */
  readonly note: string | null;
  /**
   * The bytes to be sent for a stream, of which not much more than `mostBytes` are read. `seen`, once they were read to the end, tells what went in; null where that is
   * what comes out.
   */
  seal(
    plain: AsyncIterable<Uint8Array>,
    mostBytes: number,
  ): { bytes(): AsyncIterable<Uint8Array>; seen(): Seen | null };
}

/** Reads an object from `first` to `last` (both included; null for its end); every call reads the same object, or throws. */
export type ReadStretch = (first: number, last: number | null) => AsyncIterable<Uint8Array>;

/** What the objects of a store are called and what their bytes are: just as they are, or sealed. */
export interface Sealing {
  readonly layout: Layout;
  /** True where objects are listed in the order of the keys that they stand for. */
  readonly isOrdered: boolean;
  /** The name of a list of what objects are called; null where their names say it. */
  readonly nameTable: string | null;
  /** What the object of a name in the store is called, below the store's prefix. */
  objectOf(name: string): string;
  /** What that of a blob is called when it is kept aside; `tag` tells versions apart. */
  asideOf(key: BlobKey, tag: string): string;
  /** The name in the store of an object; null for objects of others. */
  nameOf(object: string): string | null;
  /** How big the object is that stands for so many bytes. */
  sealedBytes(plainBytes: number): number;
  /** How many bytes an object of that size stands for; less than 0 where no object is of that size. */
  plainBytes(sealedBytes: number): number;
  /** For a new object. */
  newEnvelope(): Envelope;
  /** For an object of which this was noted (null: nothing was); null where the note is of no use. */
  envelopeOf(note: string | null): Envelope | null;
  /** The bytes that an object stands for, or those of `range`, cut off at its end. Throws `broken()` at the first that are not as they were sealed. */
  open(
    read: ReadStretch,
    range: readonly [number, number] | null,
    broken: (cause: unknown) => Error,
  ): AsyncIterable<Uint8Array>;
}

/** Nothing is changed; also for objects that are kept as they stand. */
export const PLAIN_ENVELOPE: Envelope = {
  note: null,
  seal: (plain) => ({ bytes: () => plain, seen: () => null }),
};

/** A store in the clear. */
export const PLAIN: Sealing = {
  layout: { blobs: "", bundles: `${BUNDLES}/`, probes: ".photosync-probe/" },
  isOrdered: true,
  nameTable: null,
  objectOf: (name) => name,
  asideOf: (key, tag) => `${SET_ASIDE}/${key.replaceAll("/", "_")}.${tag}`,
  nameOf: (object) => object,
  sealedBytes: (bytes) => bytes,
  plainBytes: (bytes) => bytes,
  newEnvelope: () => PLAIN_ENVELOPE,
  envelopeOf: (note) => (note === null ? PLAIN_ENVELOPE : null),
  open: (read, range) => read(range?.[0] ?? 0, range?.[1] ?? null),
};

/** The blob that an object below a store's prefix is; null for all others. */
export function blobOf({ nameOf }: Sealing, object: string): BlobKey | null {
  const name = nameOf(object);
  return name !== null && isBlobKey(name) ? name : null;
}

import type { Failure } from "../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../domain/ids.js";
import type { PhotoDocument, VariantRole } from "../domain/photo.js";
import type { SeenVisibility, Visibility } from "../domain/visibility.js";
import type { FileEdit } from "./control-plane.js";

/** One blob of a photo: its original or a variant, and where it is recorded as verified. */
export interface BlobRow {
  readonly role: "original" | VariantRole;
  readonly hash: ContentHash;
  readonly key: BlobKey;
  readonly bytes: number;
  /** Store name → time of verification, as the document records it; only replicas that are recorded under this very key. */
  readonly stores: Readonly<Record<string, string>>;
  /** Stores whose replica the document records under another key than the blob's own; absent where there is none. */
  readonly misrecorded?: readonly string[];
}

/** What lists, plans and counts need of a photo, taken from its document at `Catalog.revision`; under 1 KB. */
export interface PhotoRow {
  readonly photo_id: PhotoId;
  /** Path of the document in the library. */
  readonly path: string;
  readonly taken_date: string | null;
  readonly filename: string;
  readonly mime_type: string;
  readonly bytes: number;
  readonly processing_state: PhotoDocument["processing_state"];
  readonly visibility: Visibility;
  readonly seen_visibility: Readonly<Record<string, SeenVisibility>>;
  /** What the approval in force allows, for services that show the photo; absent where none speaks of any. */
  readonly approved?: Readonly<Record<string, Visibility>>;
  readonly services: readonly string[];
  readonly albums: readonly string[];
  readonly people: readonly string[];
  readonly tags: readonly string[];
  readonly camera: string;
  /** Number of conflicts that a person must settle. */
  readonly conflicts: number;
  /** Number of conflicts that a person may leave as they are; absent where there is none. */
  readonly optional_questions?: number;
  readonly blobs: readonly BlobRow[];
}

/** What most filters ask of a photo: its row without the things that take longest to unpack. */
export type RowFields = Omit<PhotoRow, "seen_visibility" | "approved" | "blobs">;

/** What stores are held against: a row without all that says nothing of where its bytes are. */
export type BlobFields = Pick<PhotoRow, "photo_id" | "processing_state" | "conflicts" | "blobs">;

/** Sums over all valid photos of a catalog. */
export interface CatalogSums {
  readonly photos: number;
  /** Originals and variants, and the bytes of them all. */
  readonly blobs: number;
  readonly bytes: number;
  /** Conflicts that a person must settle. */
  readonly conflicts: number;
  /** Services that show a photo to more people than they should, over all photos. */
  readonly discrepancies: number;
  /** Photos that are new or changed and that nothing keeps from being resolved. */
  readonly unresolved: number;
  readonly states: Readonly<Record<PhotoRow["processing_state"], number>>;
  /** Photos of each service; services without any are left out. */
  readonly byService: ReadonlyMap<string, number>;
  /** Blobs recorded in each store; stores without any are left out. */
  readonly byStore: ReadonlyMap<string, number>;
}

/**
 * A disposable index of the documents at one revision. Lost or stale, it is rebuilt from Git; nothing is known only here.
 */
export interface Catalog {
  readonly revision: string;
  /** All valid photos, or those whose fields pass, sorted by photo id; streamed from disk. */
  rows(passes?: (fields: RowFields) => boolean): Iterable<PhotoRow>;
  /** All valid photos as `rows()` gives them, in half the time. */
  blobs(): Iterable<BlobFields>;
  row(photoId: PhotoId): PhotoRow | null;
  /** What counting `rows()` would come to, at once. */
  sums(): CatalogSums;
  /** The photo that holds these bytes, as original or variant. */
  photoOfHash(hash: ContentHash): PhotoId | null;
  /** Documents that do not obey the schema, or are a second one of their photo, by path; left alone until mended. */
  invalid(): readonly Failure[];
  /** What those documents speak of as far as their text tells: content hash or photo id → path. */
  claims(): Promise<ReadonlyMap<string, string>>;
}

export type DocumentRead =
  | { readonly kind: "ok"; readonly document: PhotoDocument }
  | { readonly kind: "absent" }
  | { readonly kind: "invalid"; readonly failure: Failure };

/** Photo documents as validated values: the only way that code reads or writes `photos/`. */
export interface Documents {
  /** The document at a path as HEAD has it, validated and migrated. */
  read(path: string): Promise<DocumentRead>;
  /** The edit that writes a document, in canonical bytes; throws `document.invalid` (bug) if it breaks the schema. */
  write(path: string, document: PhotoDocument): FileEdit;
}

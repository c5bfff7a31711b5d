import type { BlobFields, BlobRow, PhotoRow, RowFields } from "../ports/catalog.js";

type Pairs<V> = readonly (readonly [string, V])[];
type StoredBlob = readonly [
  BlobRow["role"],
  BlobRow["hash"],
  BlobRow["key"],
  bytes: number,
  stores: Pairs<string>,
  misrecorded?: readonly string[],
];

/** What every stored row holds. */
type AlwaysStored = readonly [
  PhotoRow["photo_id"],
  path: string,
  takenDate: string | null,
  filename: string,
  mimeType: string,
  bytes: number,
  PhotoRow["processing_state"],
  PhotoRow["visibility"],
  seenVisibility: Pairs<PhotoRow["seen_visibility"][string]>,
  services: readonly string[],
  albums: readonly string[],
  people: readonly string[],
  tags: readonly string[],
  camera: string,
  conflicts: number,
  blobs: readonly StoredBlob[],
];

/**
 * A row as the index keeps it: its values by position. Field names in every row would make the index half as large again,
 * and decoding it three times as slow.
 */
export type StoredRow = readonly [
  ...AlwaysStored,
  approved?: Pairs<PhotoRow["visibility"]> | null,
  optionalQuestions?: number,
];

const alwaysStored = (row: PhotoRow): AlwaysStored => [
  row.photo_id,
  row.path,
  row.taken_date,
  row.filename,
  row.mime_type,
  row.bytes,
  row.processing_state,
  row.visibility,
  Object.entries(row.seen_visibility),
  row.services,
  row.albums,
  row.people,
  row.tags,
  row.camera,
  row.conflicts,
  row.blobs.map(
    ({ role, hash, key, bytes, stores, misrecorded }): StoredBlob =>
      misrecorded === undefined
        ? [role, hash, key, bytes, Object.entries(stores)]
        : [role, hash, key, bytes, Object.entries(stores), misrecorded],
  ),
];

/** What `unpackRow` makes the same row of. */
export function packRow(row: PhotoRow): StoredRow {
  const approved = row.approved === undefined ? null : Object.entries(row.approved);
  if (row.optional_questions !== undefined) return [...alwaysStored(row), approved, row.optional_questions];
  return approved === null ? alwaysStored(row) : [...alwaysStored(row), approved];
}

/** The fields of the row that was packed. */
export const unpackFields = (stored: StoredRow): RowFields => ({
  photo_id: stored[0],
  path: stored[1],
  taken_date: stored[2],
  filename: stored[3],
  mime_type: stored[4],
  bytes: stored[5],
  processing_state: stored[6],
  visibility: stored[7],
  services: stored[9],
  albums: stored[10],
  people: stored[11],
  tags: stored[12],
  camera: stored[13],
  conflicts: stored[14],
  ...(stored[17] !== undefined && { optional_questions: stored[17] }),
});

const blobsOf = (stored: StoredRow): readonly BlobRow[] =>
  stored[15].map(
    ([role, hash, key, bytes, stores, misrecorded]): BlobRow => ({
      role,
      hash,
      key,
      bytes,
      stores: Object.fromEntries(stores),
      ...(misrecorded !== undefined && { misrecorded }),
    }),
  );

/** The row that was packed. */
export const unpackRow = (stored: StoredRow): PhotoRow => ({
  ...unpackFields(stored),
  seen_visibility: Object.fromEntries(stored[8]),
  ...(stored[16] && { approved: Object.fromEntries(stored[16]) }),
  blobs: blobsOf(stored),
});

/** Of the row that was packed what tells where its bytes are. */
export const unpackBlobs = (stored: StoredRow): BlobFields => ({
  photo_id: stored[0],
  processing_state: stored[6],
  conflicts: stored[14],
  blobs: blobsOf(stored),
});

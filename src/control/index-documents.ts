import type { Failure } from "../domain/errors.js";
import { knownPicture } from "../domain/identity/known-picture.js";
import type { ContentHash, PhotoId } from "../domain/ids.js";
import type { BlobFields, PhotoRow, RowFields } from "../ports/catalog.js";
import { RunningSums } from "./catalog-sums.js";
import { putCandidate, withdrawCandidate } from "./index-candidates.js";
import { putInstances, withdrawInstances } from "./index-instances.js";
import { startingWith } from "./index-keys.js";
import type { LocalIndex } from "./local-index.js";
import { rowOf } from "./photo-row.js";
import { packPicture } from "./picture-codec.js";
import { parsePhoto } from "./records.js";
import { packRow, unpackBlobs, unpackFields, unpackRow } from "./row-codec.js";
import { ToldSum } from "./told.js";

const rowKey = (row: PhotoRow): string => `${row.photo_id} ${row.path}`;
const hashKey = (hash: ContentHash, photoId: PhotoId): string => `${hash} ${photoId}`;

const rowsOf = (index: LocalIndex, photoId: PhotoId): PhotoRow[] =>
  Array.from(index.rows.getRange(startingWith(photoId)), ({ value }) => unpackRow(value));

/** The row that stands for each photo, by photo id, where its fields pass: the first of its documents. */
export function* firstRows(index: LocalIndex, passes?: (fields: RowFields) => boolean): Generator<PhotoRow> {
  let last: PhotoId | null = null;
  for (const { value } of index.rows.getRange({})) {
    const [photoId] = value;
    if (photoId !== last && (passes === undefined || passes(unpackFields(value)))) yield unpackRow(value);
    last = photoId;
  }
}

/** The same rows as `firstRows`, of each what tells where its bytes are. */
export function* firstBlobs(index: LocalIndex): Generator<BlobFields> {
  let last: PhotoId | null = null;
  for (const { value } of index.rows.getRange({})) {
    const [photoId] = value;
    if (photoId !== last) yield unpackBlobs(value);
    last = photoId;
  }
}

/** Withdraws what the index tells of a photo by its bytes, before its documents change. */
function withdraw(index: LocalIndex, sums: RunningSums, photoId: PhotoId): void {
  const [first] = rowsOf(index, photoId);
  if (first === undefined) return;
  sums.count(first, -1);
  for (const { hash } of first.blobs) index.photoOfHash.removeSync(hashKey(hash, photoId));
  withdrawCandidate(index, photoId);
}

const duplicateOf = (row: PhotoRow, first: PhotoRow): Failure => ({
  subject: row.path,
  code: "document.duplicate",
  message: `${row.path} is a second document of the photo in ${first.path}, and is left alone.`,
  hint: `Put what both tell into ${first.path}, remove the other with: git rm ${row.path}; then commit.`,
});

/** The first of a photo's documents, by path, stands for it; any other is reported. */
function settle(index: LocalIndex, sums: RunningSums, photoId: PhotoId): void {
  const [first, ...others] = rowsOf(index, photoId);
  if (first === undefined) return;
  sums.count(first, 1);
  index.invalid.removeSync(first.path);
  for (const { hash } of first.blobs) index.photoOfHash.putSync(hashKey(hash, photoId), photoId);
  putCandidate(index, photoId);
  for (const other of others) index.invalid.putSync(other.path, duplicateOf(other, first));
}

/** Files of one batch; `bytes` is null for one that is gone. */
export type Batch = readonly { readonly path: string; readonly bytes: Uint8Array | null }[];

/** Puts the documents of one batch into the index. To be called inside one of its transactions. */
export function applyBatch(index: LocalIndex, batch: Batch): void {
  const sums = RunningSums.kept(index) ?? RunningSums.of(firstRows(index));
  const touched = new Set<PhotoId>();
  const told = new ToldSum(index);
  const touch = (photoId: PhotoId) => {
    if (!touched.has(photoId)) withdraw(index, sums, photoId);
    touched.add(photoId);
  };
  for (const { path, bytes } of batch) {
    index.invalid.removeSync(path);
    const known = index.photoOfPath.get(path);
    if (known !== undefined) {
      touch(known);
      index.rows.removeSync(`${known} ${path}`);
      index.pictures.removeSync(`${known} ${path}`);
      index.photoOfPath.removeSync(path);
    }
    withdrawInstances(index, path);
    const read = bytes === null ? null : parsePhoto(path, bytes);
    told.set(path, read?.kind === "ok" ? read.document : null);
    if (read?.kind === "invalid") index.invalid.putSync(path, read.failure);
    if (read?.kind !== "ok") continue;
    const row = rowOf(path, read.document);
    touch(row.photo_id);
    putInstances(index, path, read.document);
    index.rows.putSync(rowKey(row), packRow(row));
    const picture = knownPicture(read.document);
    if (picture !== null) index.pictures.putSync(rowKey(row), packPicture(picture));
    index.photoOfPath.putSync(path, row.photo_id);
  }
  for (const photoId of touched) settle(index, sums, photoId);
  sums.keep(index);
  told.keep();
}

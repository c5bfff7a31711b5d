import type { Failure } from "../domain/errors.js";
import type { ContentHash, PhotoId } from "../domain/ids.js";
import type { PhotoDocument } from "../domain/photo.js";
import type { Call } from "../ports/call.js";
import type { BlobRow, Catalog, PhotoRow } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { LocalIndex } from "./local-index.js";
import { parsePhoto } from "./records.js";

/** How many documents are indexed in one transaction: bounds memory and the size of a torn one. */
const BATCH = 2000;

const storesOf = (replicas: PhotoDocument["replicas"]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(replicas).map(([store, replica]) => [store, replica.verified_at]));

/** The row that describes a document. */
export function rowOf(path: string, document: PhotoDocument): PhotoRow {
  const variants = document.variants ?? [];
  const original: BlobRow = {
    role: "original",
    hash: document.content_hash,
    key: document.blob_key,
    bytes: document.media.bytes,
    stores: storesOf(document.replicas),
  };
  const services = new Set([
    ...Object.keys(document.instances),
    ...variants.flatMap((variant) => Object.keys(variant.instances)),
  ]);
  const camera = document.metadata.camera_info;
  return {
    photo_id: document.photo_id,
    path,
    taken_date: document.metadata.taken_date,
    filename: document.metadata.filename,
    mime_type: document.media.mime_type,
    bytes: document.media.bytes,
    processing_state: document.processing_state,
    visibility: document.visibility.canonical,
    seen_visibility: document.visibility.per_service,
    services: [...services].sort(),
    albums: document.albums ?? [],
    people: document.people ?? [],
    tags: document.metadata.tags,
    camera: [camera?.make, camera?.model].filter(Boolean).join(" "),
    conflicts: document.conflicts.filter((conflict) => conflict.resolution_required).length,
    blobs: [
      original,
      ...variants.map((variant) => ({
        role: variant.role,
        hash: variant.content_hash,
        key: variant.blob_key,
        bytes: variant.media.bytes,
        stores: storesOf(variant.replicas),
      })),
    ],
  };
}

const rowKey = (row: PhotoRow): string => `${row.photo_id} ${row.path}`;
const hashKey = (hash: ContentHash, photoId: PhotoId): string => `${hash} ${photoId}`;
/** Every key that begins with a text and a space. */
const startingWith = (text: string) => ({ start: `${text} `, end: `${text}!` });

const rowsOf = (index: LocalIndex, photoId: PhotoId): PhotoRow[] =>
  Array.from(index.rows.getRange(startingWith(photoId)), ({ value }) => value);

const firstValue = <V>(range: Iterable<{ readonly value: V }>): V | null => {
  for (const { value } of range) return value;
  return null;
};

/** Withdraws what the index tells of a photo by its bytes, before its documents change. */
function withdraw(index: LocalIndex, photoId: PhotoId): void {
  for (const { blobs } of rowsOf(index, photoId).slice(0, 1)) {
    for (const { hash } of blobs) {
      index.photoOfHash.removeSync(hashKey(hash, photoId));
      for (const key of [...index.merged.getKeys(startingWith(hash))]) index.merged.removeSync(key);
    }
  }
}

const duplicateOf = (row: PhotoRow, first: PhotoRow): Failure => ({
  subject: row.path,
  code: "document.duplicate",
  message: `${row.path} is a second document of the photo in ${first.path}, and is left alone.`,
  hint: `Put what both tell into ${first.path}, remove the other with: git rm ${row.path}; then commit.`,
});

/** The first of a photo's documents, by path, stands for it; any other is reported. */
function settle(index: LocalIndex, photoId: PhotoId): void {
  const [first, ...others] = rowsOf(index, photoId);
  if (first === undefined) return;
  index.invalid.removeSync(first.path);
  for (const { hash } of first.blobs) index.photoOfHash.putSync(hashKey(hash, photoId), photoId);
  for (const other of others) index.invalid.putSync(other.path, duplicateOf(other, first));
}

/** Files of one batch; `bytes` is null for one that is gone. */
type Batch = readonly { readonly path: string; readonly bytes: Uint8Array | null }[];

function applyBatch(index: LocalIndex, batch: Batch): void {
  const touched = new Set<PhotoId>();
  const touch = (photoId: PhotoId) => {
    if (!touched.has(photoId)) withdraw(index, photoId);
    touched.add(photoId);
  };
  for (const { path, bytes } of batch) {
    index.invalid.removeSync(path);
    const known = index.photoOfPath.get(path);
    if (known !== undefined) {
      touch(known);
      index.rows.removeSync(`${known} ${path}`);
      index.photoOfPath.removeSync(path);
    }
    const read = bytes === null ? null : parsePhoto(path, bytes);
    if (read?.kind === "invalid") index.invalid.putSync(path, read.failure);
    if (read?.kind !== "ok") continue;
    const row = rowOf(path, read.document);
    touch(row.photo_id);
    index.rows.putSync(rowKey(row), row);
    index.photoOfPath.putSync(path, row.photo_id);
  }
  for (const photoId of touched) settle(index, photoId);
}

/** Key of `LocalIndex.merged`: sorts by the bytes that the finding is about. */
export const mergedKey = (merged: { readonly hash: string; readonly digest: string }): string =>
  `${merged.hash} ${merged.digest}`;

interface Changed {
  readonly path: string;
  readonly oid: string | null;
}

async function* everything(control: ControlPlane, revision: string, call: Call): AsyncIterable<Changed> {
  for await (const file of control.listFiles(revision, "photos", call))
    yield { path: file.path, oid: file.oid };
}

async function* since(control: ControlPlane, from: string, to: string, call: Call): AsyncIterable<Changed> {
  for await (const change of control.changes(from, to, "photos", call))
    yield { path: change.path, oid: change.after };
}

async function apply(
  index: LocalIndex,
  control: ControlPlane,
  changed: AsyncIterable<Changed>,
): Promise<void> {
  let batch: { readonly path: string; readonly bytes: Uint8Array | null }[] = [];
  const flush = () => {
    index.root.transactionSync(() => applyBatch(index, batch));
    batch = [];
  };
  for await (const { path, oid } of changed) {
    if (!path.endsWith(".json")) continue;
    batch.push({ path, bytes: oid === null ? null : await control.readObject(oid) });
    if (batch.length >= BATCH) flush();
  }
  flush();
}

/**
 * The catalog of the documents at `revision`, brought up to date first: by the files that changed since the indexed
 * revision, or from nothing when there is none or Git no longer has it.
 */
export async function openCatalog(
  index: LocalIndex,
  control: ControlPlane,
  revision: string,
  call: Call,
): Promise<Catalog> {
  const indexed = index.state.get("revision");
  if (indexed !== revision) {
    await index.state.remove("revision");
    const known = indexed === undefined ? null : await control.treeId(indexed, "").catch(() => null);
    if (indexed !== undefined && known !== null) {
      await apply(index, control, since(control, indexed, revision, call));
    } else {
      for (const table of [index.rows, index.photoOfHash, index.photoOfPath, index.invalid, index.merged]) {
        table.clearSync();
      }
      await apply(index, control, everything(control, revision, call));
    }
    await index.state.put("revision", revision);
  }
  return {
    revision,
    *rows() {
      let last: PhotoId | null = null;
      for (const { value } of index.rows.getRange({})) {
        if (value.photo_id !== last) yield value;
        last = value.photo_id;
      }
    },
    row: (photoId) => firstValue(index.rows.getRange({ ...startingWith(photoId), limit: 1 })),
    photoOfHash: (hash) => firstValue(index.photoOfHash.getRange({ ...startingWith(hash), limit: 1 })),
    invalid: (): readonly Failure[] => Array.from(index.invalid.getRange({}), ({ value }) => value),
    async claims() {
      const claims = new Map<string, string>();
      for (const { key: path } of index.invalid.getRange({})) {
        const text = Buffer.from((await control.readFile(revision, path)) ?? []).toString("utf8");
        for (const [hash] of text.matchAll(/sha256:[0-9a-f]{64}/g)) claims.set(hash, path);
        claims.set(path.slice(path.lastIndexOf("/") + 1, -".json".length), path);
      }
      return claims;
    },
  };
}

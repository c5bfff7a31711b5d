import type { Failure } from "../domain/errors.js";
import type { PhotoId } from "../domain/ids.js";
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

function forget(index: LocalIndex, path: string): void {
  index.invalid.removeSync(path);
  const photoId = index.photoOfPath.get(path);
  if (photoId === undefined) return;
  index.photoOfPath.removeSync(path);
  const row = index.rows.get(photoId);
  if (row === undefined || row.path !== path) return;
  for (const blob of row.blobs) {
    if (index.photoOfHash.get(blob.hash) === photoId) index.photoOfHash.removeSync(blob.hash);
    for (const key of [...index.merged.getKeys({ start: `${blob.hash} `, end: `${blob.hash}!` })]) {
      index.merged.removeSync(key);
    }
  }
  index.rows.removeSync(photoId);
}

function remember(index: LocalIndex, path: string, bytes: Uint8Array): void {
  const read = parsePhoto(path, bytes);
  if (read.kind === "invalid") {
    index.invalid.putSync(path, read.failure);
    return;
  }
  if (read.kind === "absent") return;
  const row = rowOf(path, read.document);
  index.rows.putSync(row.photo_id, row);
  index.photoOfPath.putSync(path, row.photo_id);
  for (const blob of row.blobs) index.photoOfHash.putSync(blob.hash, row.photo_id);
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
    index.root.transactionSync(() => {
      // Moved documents are removed under the old path before they are added under the new one.
      for (const { path } of batch) forget(index, path);
      for (const { path, bytes } of batch) if (bytes !== null) remember(index, path, bytes);
    });
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
      for (const { value } of index.rows.getRange({})) yield value;
    },
    row: (photoId: PhotoId) => index.rows.get(photoId) ?? null,
    photoOfHash: (hash) => index.photoOfHash.get(hash) ?? null,
    invalid: (): readonly Failure[] => Array.from(index.invalid.getRange({}), ({ value }) => value),
  };
}

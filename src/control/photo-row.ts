import { approvalFor } from "../domain/approvals.js";
import type { PhotoDocument } from "../domain/photo.js";
import type { BlobRow, PhotoRow } from "../ports/catalog.js";

/** The recorded replicas of one blob. A record with another key proves nothing of this blob: a hand or a merge put it there. */
function recordedOf(
  { blob_key }: Pick<PhotoDocument, "blob_key">,
  replicas: PhotoDocument["replicas"],
): Pick<BlobRow, "stores" | "misrecorded"> {
  const all = Object.entries(replicas);
  const stores = Object.fromEntries(
    all.flatMap(([store, { key, verified_at }]) => (key === blob_key ? [[store, verified_at]] : [])),
  );
  const misrecorded = all.flatMap(([store, { key }]) => (key === blob_key ? [] : [store]));
  return { stores, ...(misrecorded.length > 0 && { misrecorded }) };
}

/** What is approved for the services that show the photo. */
function approvedOf({ approvals = [], visibility }: PhotoDocument): Pick<PhotoRow, "approved"> {
  if (approvals.length === 0) return {};
  const inForce = Object.keys(visibility.per_service).flatMap((service) => {
    const approval = approvalFor(approvals, service);
    return approval === undefined ? [] : [[service, approval.visibility] as const];
  });
  return inForce.length === 0 ? {} : { approved: Object.fromEntries(inForce) };
}

/** The row that describes a document. */
export function rowOf(path: string, document: PhotoDocument): PhotoRow {
  const variants = document.variants ?? [];
  const original: BlobRow = {
    role: "original",
    hash: document.content_hash,
    key: document.blob_key,
    bytes: document.media.bytes,
    ...recordedOf(document, document.replicas),
  };
  const services = new Set([
    ...Object.keys(document.instances),
    ...variants.flatMap((variant) => Object.keys(variant.instances)),
  ]);
  const camera = document.metadata.camera_info;
  const required = document.conflicts.filter((conflict) => conflict.resolution_required).length;
  const optional = document.conflicts.length - required;
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
    ...approvedOf(document),
    services: [...services].sort(),
    albums: document.albums ?? [],
    people: document.people ?? [],
    tags: document.metadata.tags,
    camera: [camera?.make, camera?.model].filter(Boolean).join(" "),
    conflicts: required,
    ...(optional > 0 && { optional_questions: optional }),
    blobs: [
      original,
      ...variants.map((variant) => ({
        role: variant.role,
        hash: variant.content_hash,
        key: variant.blob_key,
        bytes: variant.media.bytes,
        ...recordedOf(variant, variant.replicas),
      })),
    ],
  };
}

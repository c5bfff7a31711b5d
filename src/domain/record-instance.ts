import { discrepancies } from "./discrepancy.js";
import type { InstanceFound } from "./finding.js";
import type { ContentHash } from "./ids.js";
import { mergeFinding } from "./merge.js";
import type { Instance, PhotoDocument } from "./photo.js";
import { own } from "./same-json.js";

const holds = (instances: Readonly<Record<string, Instance>>, service: string, id: string): boolean => {
  const instance = own(instances, service);
  return instance !== undefined && [instance, ...(instance.copies ?? [])].some((copy) => copy.id === id);
};

/** The bytes that an instance stands for: a variant's where the document says so, else the original's. */
function bytesOf(
  document: PhotoDocument,
  service: string,
  id: string,
): { hash: ContentHash; sizeBytes: number } {
  const variant = document.variants?.find(({ instances }) => holds(instances, service, id));
  return variant === undefined
    ? { hash: document.content_hash, sizeBytes: document.media.bytes }
    : { hash: variant.content_hash, sizeBytes: variant.media.bytes };
}

/**
 * The document with an instance as it was read back after photosync itself wrote it: its level, its words, its id. The
 * state stays what it was, since nobody else said anything, unless the service now says what nothing settles.
 */
export function withOwnInstance(
  document: PhotoDocument,
  service: string,
  instance: InstanceFound,
  now: string,
): PhotoDocument {
  const file = {
    ...bytesOf(document, service, instance.id),
    filename: document.metadata.filename,
    locations: [],
  };
  const finding = { service, original: file, instances: [{ ...instance, isCurrent: true }], variants: [] };
  const merged = mergeFinding(document, finding, new Map(), {
    now,
    defaultVisibility: document.visibility.canonical,
    photoId: document.photo_id,
  });
  const isContradicted = discrepancies(merged).length > discrepancies(document).length;
  return isContradicted ? merged : { ...merged, processing_state: document.processing_state };
}

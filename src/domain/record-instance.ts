import { copiesOf } from "./copies.js";
import { completedValue } from "./derive.js";
import { discrepancies, resolutionInForce } from "./discrepancy.js";
import type { InstanceFound } from "./finding.js";
import type { ContentHash } from "./ids.js";
import { mergeFinding } from "./merge.js";
import type { Instance, PhotoDocument } from "./photo.js";
import { heldValue, holdingOf, nothingOf, RULED_FIELDS, withHolding, withValue } from "./ruled-fields.js";
import { own, sameJson } from "./same-json.js";
import { contextOf, statementsOf } from "./settling/statements.js";
import { settleValues } from "./settling/value-rules.js";

const holds = (instances: Readonly<Record<string, Instance>>, service: string, id: string): boolean =>
  copiesOf(own(instances, service)).some((copy) => copy.id === id);

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
 * The document with what rules chose before, where the same rule chooses the same again: that a service says by now what
 * was chosen, because photosync told it so, is no reason to choose anew.
 */
function withChoicesOf(before: PhotoDocument, merged: PhotoDocument): PhotoDocument {
  return RULED_FIELDS.reduce((document, field) => {
    const choice = resolutionInForce(before, field);
    const isKept = document.resolutions?.some((one) => one.field === field) ?? false;
    if (choice?.by !== "rule" || isKept) return document;
    const again = settleValues(field, statementsOf(document, field), [choice.rule], contextOf(document));
    const holding =
      again && withValue(holdingOf(document), field, completedValue(document, field, again.value));
    if (holding === null || !sameJson(heldValue(holding, field) ?? nothingOf(field), choice.value))
      return document;
    return { ...withHolding(document, holding), resolutions: [...(document.resolutions ?? []), choice] };
  }, merged);
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
  const merged = withChoicesOf(
    document,
    mergeFinding(document, finding, new Map(), {
      now,
      defaultVisibility: document.visibility.canonical,
      photoId: document.photo_id,
    }),
  );
  const isContradicted = discrepancies(merged).length > discrepancies(document).length;
  return isContradicted ? merged : { ...merged, processing_state: document.processing_state };
}

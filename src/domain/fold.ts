import { derive } from "./derive.js";
import { hashesOf } from "./joining/apart.js";
import { ownersFields, ownersFlags } from "./joining/owners-hand.js";
import { takeIn } from "./joining/take-in.js";
import type { PhotoDocument, VariantRole } from "./photo.js";

/** True when every canonical value is what the sources and the rules give: the owner's hand is nowhere in it. */
function followsItsSources(document: PhotoDocument): boolean {
  const derived = derive(document);
  return ownersFields(document, derived).length === 0 && ownersFlags(document, derived).length === 0;
}

/**
 * True when a photo is nothing but one file and what sources say of it, so that all of it fits into a variant of
 * another photo. One with variants of its own, with approvals, with something that a person settled, edited or is yet
 * asked, stays a photo: no rule may decide that these belong elsewhere.
 */
export const isFoldable = (document: PhotoDocument): boolean =>
  (document.variants ?? []).length === 0 &&
  (document.approvals ?? []).length === 0 &&
  !document.conflicts.some((conflict) => conflict.resolution_required) &&
  !(document.resolutions ?? []).some(({ by }) => by === "person") &&
  followsItsSources(document);

/**
 * The host with the whole of a lone photo as one of its variants, where a source itself shows that they belong together (see
 * `takeIn`). Null when the lone photo is not to be folded (`isFoldable`), or the host already holds its bytes. `now` is
 * RFC 3339 in UTC.
 */
export function foldPhoto(
  host: PhotoDocument,
  lone: PhotoDocument,
  role: VariantRole,
  now: string,
): PhotoDocument | null {
  const isHeld = hashesOf(host).includes(lone.content_hash);
  if (isHeld || host.photo_id === lone.photo_id || !isFoldable(lone)) return null;
  return takeIn(host, lone, { role, approvals: host.approvals ?? [], withdrawn: [] }, now);
}

import { otherOf } from "../identity/identity-field.js";
import { type ContentHash, isContentHash, type PhotoId } from "../ids.js";
import { keptApart } from "../joining/apart.js";
import { joinPhoto } from "../joining/join.js";
import { splitVariant } from "../joining/split.js";
import { type PhotoDocument, VARIANT_ROLES, type VariantRole } from "../photo.js";
import { own } from "../same-json.js";
import type { Decision, OpenQuestion } from "./decision.js";
import { type Applied, applied, type Concerned, refusal } from "./decision-outcome.js";

/** The id of the photo whose original has these bytes. */
export type PhotoIdOf = (hash: ContentHash) => PhotoId;

/** The role in which identity proposed the join. */
function roleIn({ kind, field, values }: OpenQuestion): VariantRole {
  const proposed = own(values, otherOf(field) ?? "");
  const role =
    typeof proposed === "object" && proposed !== null && "role" in proposed ? proposed["role"] : undefined;
  return (
    VARIANT_ROLES.find((known) => known === role) ?? (kind === "edit_variant" ? "edited" : "lower-quality")
  );
}

/**
 * What an answer about two pictures makes of their photos: `same` has the photo that was asked about join the better one,
 * `different` is recorded on both. Null where it is neither.
 */
export function applyIdentity(
  { photo, other }: Concerned,
  question: OpenQuestion,
  { answer, decided_at: at }: Decision,
): Applied | null {
  if (photo === null || (answer.kind !== "same" && answer.kind !== "different")) return null;
  if (other === null) {
    return refusal(
      "decision.not-asked",
      `${question.filename}: the library no longer has the other picture.`,
    );
  }
  if (answer.kind === "different") {
    // Both hold these bytes where one machine joined what another one still had as a photo.
    const split = splitVariant(other, photo.content_hash, photo.photo_id, at, photo);
    const { host, apart } = split ?? { host: other, apart: photo };
    return applied([keptApart(apart, host.content_hash, at), keptApart(host, apart.content_hash, at)]);
  }
  const { reasons } = question;
  const joined = joinPhoto(other, photo, { role: roleIn(question), by: "person", reasons }, at);
  if (joined === null) {
    return refusal(
      "decision.not-asked",
      `${question.filename}: a person has said that these are two pictures.`,
    );
  }
  return applied([joined], [photo.photo_id]);
}

/**
 * What it makes of a photo when somebody says that a variant which was joined to it is another picture after all: the variant
 * becomes a photo of its own, and both are kept apart. Null where the decision says no such thing.
 */
export function splitOff(
  photo: PhotoDocument,
  other: PhotoDocument | null,
  { field, answer, decided_at: at }: Decision,
  photoIdOf: PhotoIdOf,
) {
  const hash = otherOf(field);
  if (hash === null || !isContentHash(hash) || answer.kind !== "different") return null;
  const photoId = photoIdOf(hash);
  const standing = other?.photo_id === photoId ? other : null;
  const split = splitVariant(photo, hash, photoId, at, standing);
  if (split === null) return null;
  const { host, apart } = split;
  return applied([keptApart(host, hash, at), keptApart(apart, host.content_hash, at)]);
}

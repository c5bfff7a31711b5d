import type { Reason } from "../identity/evidence.js";
import { identityField, isIdentityConflict, otherOf } from "../identity/identity-field.js";
import type { Join } from "../identity/joins.js";
import { type ContentHash, isContentHash, type PhotoId } from "../ids.js";
import type { Conflict, Json, PhotoDocument } from "../photo.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import { kindOfJoin } from "../settling/question.js";
import { hashesOf, isKeptApart } from "./apart.js";

/** The photo whose original is the better picture of the two in question. */
export interface BetterPhoto {
  readonly photo_id: PhotoId;
  readonly hash: ContentHash;
  readonly filename: string;
  /** Sorted. */
  readonly services: readonly string[];
}

type Evidence = Pick<Join, "role" | "turns" | "reasons">;

const MARKS: Readonly<Record<Reason["speaks"], string>> = { for: "", against: "but ", neither: "" };

/** The evidence in words, in its order; what speaks against is told from what speaks for. */
export const reasonTexts = ({ reasons }: Pick<Join, "reasons">): readonly string[] =>
  reasons.map(({ speaks, text }) => `${MARKS[speaks]}${text}`);

function described({ role, turns }: Evidence, filename: string): string {
  if (turns !== undefined) return `May be ${filename}, turned by ${turns * 90} degrees`;
  return role === "edited" ? `May be an edited copy of ${filename}` : `May be a copy of ${filename}`;
}

/** The question, on the worse photo's document, whether it is the same picture as the better one. */
export function identityConflict(join: Evidence, better: BetterPhoto): Conflict {
  const { photo_id, hash, filename, services } = better;
  const { role, turns } = join;
  const value: Json = {
    photo_id,
    filename,
    role,
    ...(turns !== undefined && { turns }),
    reasons: reasonTexts(join),
  };
  return {
    type: kindOfJoin(join),
    field: identityField(hash),
    description: described(join, filename),
    services,
    values: { [hash]: value },
    resolution_required: true,
  };
}

/**
 * The document with exactly these questions whether it is the same picture as a better one, as one block where the first of them
 * stood; earlier ones that nothing raises any more are withdrawn. Nothing is asked about a picture that a person said is another one, nor about bytes that the
 * photo holds. The very document where that changes nothing. `now` is RFC 3339 in UTC.
 */
export function withIdentityConflicts(
  document: PhotoDocument,
  asked: readonly Conflict[],
  now: string,
): PhotoDocument {
  const own = hashesOf(document);
  const isAskable = ({ field }: Conflict): boolean => {
    const other = otherOf(field);
    return other !== null && isContentHash(other) && !own.includes(other) && !isKeptApart(document, other);
  };
  const { conflicts } = document;
  const first = conflicts.findIndex(isIdentityConflict);
  const others = conflicts.filter((one) => !isIdentityConflict(one));
  const block = asked.filter(isAskable).toSorted((a, b) => byCodeUnit(a.field, b.field));
  const next = first < 0 ? [...others, ...block] : others.toSpliced(first, 0, ...block);
  if (sameJson(next, conflicts)) return document;
  const processing_state = block.length > 0 ? "discovered" : document.processing_state;
  return { ...document, conflicts: next, processing_state, updated_at: now };
}

import type { Reason } from "../../domain/identity/evidence.js";
import type { Join } from "../../domain/identity/joins.js";
import type { ContentHash } from "../../domain/ids.js";
import { isIdentityConflict } from "../../domain/joining/apart.js";
import type { Conflict, Json, PhotoDocument } from "../../domain/photo.js";
import { byCodeUnit } from "../../domain/same-json.js";
import { identityField } from "../../domain/settling/decision.js";
import { kindOfJoin } from "../../domain/settling/question.js";
import type { PhotoRow } from "../../ports/catalog.js";

const MARKS: Readonly<Record<Reason["speaks"], string>> = { for: "", against: "but ", neither: "" };

/** The evidence in words, in its order; what speaks against is told from what speaks for. */
export const reasonTexts = ({ reasons }: Pick<Join, "reasons">): readonly string[] =>
  reasons.map(({ speaks, text }) => `${MARKS[speaks]}${text}`);

function describe({ role, turns }: Join, filename: string): string {
  if (turns !== undefined) return `Perhaps ${filename}, turned by ${turns * 90} degrees`;
  return role === "edited" ? `Perhaps an edit of ${filename}` : `Perhaps a lesser copy of ${filename}`;
}

/** The question, on the worse photo's document, whether it is the same picture as the better one. */
export function identityConflict(join: Join, better: PhotoRow, hash: ContentHash): Conflict {
  const value: Json = {
    photo_id: better.photo_id,
    filename: better.filename,
    role: join.role,
    ...(join.turns !== undefined && { turns: join.turns }),
    reasons: reasonTexts(join),
  };
  const kind = kindOfJoin(join);
  return {
    type: kind === "rotation" || kind === "edit_variant" ? kind : "quality_variant",
    field: identityField(hash),
    description: describe(join, better.filename),
    services: better.services,
    values: { [hash]: value },
    resolution_required: true,
  };
}

/** The document with exactly these questions on other pictures; the very document where it has them. */
export function withIdentityConflicts(document: PhotoDocument, asked: readonly Conflict[]): PhotoDocument {
  const others = document.conflicts.filter((conflict) => !isIdentityConflict(conflict));
  if (asked.length === 0 && others.length === document.conflicts.length) return document;
  return { ...document, conflicts: [...others, ...asked.toSorted((a, b) => byCodeUnit(a.field, b.field))] };
}

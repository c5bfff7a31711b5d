import type { Join } from "../identity/joins.js";
import type { Conflict, ConflictType, Json, PhotoDocument } from "../photo.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import { identityField } from "../settling/decision.js";
import { hashesOf, isIdentityConflict, isKeptApart } from "./apart.js";

/** What is to be asked of a photo: whether it is the same picture as a better one. */
export interface AskedIdentity {
  readonly host: Pick<PhotoDocument, "photo_id" | "content_hash" | "metadata" | "instances">;
  readonly join: Pick<Join, "role" | "turns" | "reasons">;
}

function typeOf({ role, turns }: AskedIdentity["join"]): ConflictType {
  if (turns !== undefined) return "rotation";
  return role === "edited" ? "edit_variant" : "quality_variant";
}

function described({ role, turns }: AskedIdentity["join"], filename: string): string {
  if (turns !== undefined) return `May be ${filename}, turned by ${turns * 90} degrees`;
  return role === "edited" ? `May be an edited copy of ${filename}` : `May be a copy of ${filename}`;
}

function questionOf({ host, join }: AskedIdentity): Conflict {
  const { photo_id, content_hash, metadata, instances } = host;
  const { role, turns, reasons } = join;
  const value: Json = {
    photo_id,
    filename: metadata.filename,
    role,
    ...(turns !== undefined && { turns }),
    reasons: reasons.map(({ text }) => text),
  };
  return {
    type: typeOf(join),
    field: identityField(content_hash),
    description: described(join, metadata.filename),
    services: Object.keys(instances).sort(byCodeUnit),
    values: { [content_hash]: value },
    resolution_required: true,
  };
}

/** The document with these questions of identity and no others, one block where the first of them stood. */
function withQuestions(document: PhotoDocument, asked: readonly Conflict[], now: string): PhotoDocument {
  const { conflicts } = document;
  const first = conflicts.findIndex(isIdentityConflict);
  const others = conflicts.filter((one) => !isIdentityConflict(one));
  const block = asked.toSorted((a, b) => byCodeUnit(a.field, b.field));
  const next = first < 0 ? [...others, ...block] : others.toSpliced(first, 0, ...block);
  if (sameJson(next, conflicts)) return document;
  const processing_state = block.length > 0 ? "discovered" : document.processing_state;
  return { ...document, conflicts: next, processing_state, updated_at: now };
}

/**
 * The document with exactly these questions whether it is the same picture as a better one; earlier ones that nothing raises
 * any more are withdrawn. Nothing is asked about a picture that a person said is another one, nor about bytes that the
 * photo holds. The very document where that changes nothing. `now` is RFC 3339 in UTC.
 */
export function withIdentityQuestions(
  document: PhotoDocument,
  asked: readonly AskedIdentity[],
  now: string,
): PhotoDocument {
  const own = hashesOf(document);
  const questions = new Map(
    asked
      .filter(({ host }) => !isKeptApart(document, host.content_hash) && !own.includes(host.content_hash))
      .map((one) => [one.host.content_hash, questionOf(one)]),
  );
  return withQuestions(document, [...questions.values()], now);
}

/** The document with the question whether it is the same picture as this better one, in place of an earlier one about it. */
export function askedIdentity(
  member: PhotoDocument,
  host: AskedIdentity["host"],
  join: AskedIdentity["join"],
  now: string,
): PhotoDocument {
  const { content_hash } = host;
  if (isKeptApart(member, content_hash) || hashesOf(member).includes(content_hash)) return member;
  const question = questionOf({ host, join });
  const others = member.conflicts.filter((one) => isIdentityConflict(one) && one.field !== question.field);
  return withQuestions(member, [...others, question], now);
}

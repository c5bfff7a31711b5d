import { copiesOn } from "../copies.js";
import { CANONICAL_SPEAKER } from "../discrepancy.js";
import { otherOf } from "../identity/identity-field.js";
import { type ContentHash, isContentHash, type PhotoId } from "../ids.js";
import type { Conflict, Json, PhotoDocument, Variant } from "../photo.js";
import { isRuledField } from "../ruled-fields.js";
import { byCodeUnit, own } from "../same-json.js";
import {
  acceptOption,
  identityOptions,
  levelOptions,
  shiftsOf,
  splitOptions,
  valueOptions,
} from "./answer-options.js";
import { type OpenQuestion, type QuestionPicture, questionId } from "./decision.js";
import { holderName, partsOfHolder } from "./holder-names.js";
import { type DatedStatement, type Held, type IdentityKind, questionOf, valuesHeld } from "./question.js";
import { contextOf, statementsOf } from "./statements.js";
import { VALUE_RULES } from "./value-rules.js";

/** What is asked of the rest of the library. */
export interface QuestionContext {
  /** The picture of these bytes, where some photo's original they are; null where the library has none such. */
  readonly pictureOf: (hash: ContentHash) => QuestionPicture | null;
}

const EVERY_RULE: readonly string[] = VALUE_RULES.map(({ name }) => name);

function pictureIn(
  photo_id: PhotoId,
  { content_hash, media, instances }: Pick<Variant, "content_hash" | "media" | "instances">,
  filename: string,
): QuestionPicture {
  const { mime_type, bytes, width, height } = media;
  return {
    hash: content_hash,
    photo_id,
    filename,
    mime_type,
    bytes,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    holders: Object.keys(instances).sort(byCodeUnit),
  };
}

/** A document's original as a question shows it. */
export const pictureOf = (document: PhotoDocument): QuestionPicture =>
  pictureIn(document.photo_id, document, document.metadata.filename);

/** The pictures that identity, or a person, joined to the photo. */
const joinedPictures = ({ photo_id, variants = [] }: PhotoDocument): readonly QuestionPicture[] =>
  variants.flatMap((variant) =>
    variant.joined === undefined ? [] : [pictureIn(photo_id, variant, variant.filename)],
  );

/** When a holder was last seen to have what it has; for the library's own value, when it was chosen. */
function sinceOf(document: PhotoDocument, field: string, holder: string): string | null {
  if (holder === CANONICAL_SPEAKER)
    return document.resolutions?.findLast((one) => one.field === field)?.resolved_at ?? null;
  const { source, id } = partsOfHolder(holder);
  const times = copiesOn(document, source)
    .filter((one) => id === null || one.id === id)
    .map(({ last_sync }) => last_sync);
  return times.sort(byCodeUnit).at(-1) ?? null;
}

/** What each holder that a conflict lists has, and since when. */
const statedIn = (document: PhotoDocument, { field, values }: Conflict): readonly DatedStatement[] =>
  Object.entries(values).map(([source, value]) => ({
    source,
    value,
    since: sinceOf(document, field, source),
  }));

/** The part of a question that depends on what it is about. */
interface Matter
  extends Pick<OpenQuestion, "kind" | "held" | "proposal" | "reasons" | "pictures" | "options"> {
  /** What else has to be equal for one answer to fit several. */
  readonly likeness: string;
}

const groupsOf = (held: readonly Held[]): string =>
  held.map(({ holders }) => holders.join(" and ")).join(" against ");

function valueMatter(document: PhotoDocument, conflict: Conflict): Matter | null {
  const { field, values } = conflict;
  if (!isRuledField(field)) return null;
  const scans = statementsOf(document, field).flatMap((one) => (one.isOfScan === true ? [one.speaker] : []));
  const statements = statedIn(document, conflict).map((one) => ({
    ...one,
    isOfScan: scans.includes(one.source),
  }));
  const question = questionOf(field, statements, EVERY_RULE, contextOf(document));
  if (question === null) return null;
  const { kind, held } = question;
  // No rule goes over what a person once chose.
  const proposal = Object.hasOwn(values, CANONICAL_SPEAKER) ? null : question.proposal;
  const joined = joinedPictures(document);
  const options = [...valueOptions(kind, field, held, proposal), ...splitOptions(joined)];
  const beyond = options
    .slice(held.length)
    .map(({ answer }) => ("rule" in answer ? answer.rule : answer.kind));
  const shifts = shiftsOf(kind, held).map((ms) => `${ms / 60_000} minutes`);
  return {
    kind,
    held,
    proposal,
    reasons: [],
    pictures: [pictureOf(document), ...joined],
    options,
    likeness: [groupsOf(held), ...shifts, ...beyond].join("; "),
  };
}

function reasonsIn(value: Json | undefined): readonly string[] {
  if (typeof value !== "object" || value === null || !("reasons" in value)) return [];
  const { reasons } = value;
  return Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === "string") : [];
}

function identityMatter(
  document: PhotoDocument,
  { field, values }: Conflict,
  kind: IdentityKind,
  context: QuestionContext,
): Matter | null {
  const other = otherOf(field);
  if (other === null || !isContentHash(other)) return null;
  const better = context.pictureOf(other);
  if (better === null) return null;
  const worse = pictureOf(document);
  return {
    kind,
    held: [],
    proposal: null,
    reasons: reasonsIn(own(values, other)),
    pictures: [better, worse],
    options: identityOptions(kind, better.filename, worse.filename),
    likeness: `${better.holders.join(" and ")} against ${worse.holders.join(" and ")}`,
  };
}

function levelMatter(document: PhotoDocument, conflict: Conflict): Matter {
  const held = valuesHeld(statedIn(document, conflict));
  const { canonical } = document.visibility;
  const levels = held.map(({ value, holders }) => `${holders.join(" and ")} ${String(value)}`);
  return {
    kind: "visibility",
    held,
    proposal: { rule: "most_restrictive_visibility", value: canonical },
    reasons: [],
    pictures: [pictureOf(document)],
    options: levelOptions(document, held),
    likeness: [`now ${canonical}`, ...levels].join("; "),
  };
}

function acceptMatter(
  document: PhotoDocument,
  conflict: Conflict,
  kind: "missing_original" | "service_policy",
): Matter {
  const service = conflict.field.slice(conflict.field.indexOf(":") + 1);
  const label =
    kind === "missing_original"
      ? "keep the best copy there is, and stop asking"
      : `leave it off ${holderName(service)}, and stop asking`;
  return {
    kind,
    held: valuesHeld(statedIn(document, conflict)),
    proposal: null,
    reasons: [],
    pictures: [pictureOf(document)],
    options: acceptOption(label),
    likeness: [conflict.field, ...conflict.services].join(", "),
  };
}

function matterOf(document: PhotoDocument, conflict: Conflict, context: QuestionContext): Matter | null {
  const { type } = conflict;
  switch (type) {
    case "metadata_mismatch":
      return valueMatter(document, conflict);
    case "visibility_mismatch":
      return levelMatter(document, conflict);
    case "missing_original":
    case "service_policy":
      return acceptMatter(document, conflict, type);
    case "edit_variant":
    case "quality_variant":
    case "rotation":
      return identityMatter(document, conflict, type, context);
  }
}

/**
 * Every question that a document's conflicts put to a person, in their order. Left out are those that cannot be answered: about
 * a picture that the library no longer has, or a field that nobody settles. Pure.
 */
export function questionsOf(document: PhotoDocument, context: QuestionContext): readonly OpenQuestion[] {
  const { photo_id, metadata } = document;
  return document.conflicts.flatMap((conflict) => {
    const matter = matterOf(document, conflict, context);
    if (matter === null) return [];
    const { field, description, values, resolution_required: required } = conflict;
    const { likeness, ...rest } = matter;
    return [
      {
        id: questionId({ photo_id, field }),
        photo_id,
        field,
        required,
        filename: metadata.filename,
        taken_date: metadata.taken_date,
        description,
        values,
        ...rest,
        alike: `${matter.kind}: ${likeness}`,
      },
    ];
  });
}

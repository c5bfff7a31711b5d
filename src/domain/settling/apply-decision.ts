import { allowsMore, withApproval } from "../approvals.js";
import { PhotosyncError } from "../errors.js";
import { identityField } from "../identity/identity-field.js";
import { DIFFERENT_PICTURES } from "../joining/apart.js";
import type { Json, PhotoDocument, Resolution } from "../photo.js";
import { withResolution } from "../resolve.js";
import { isRuledField } from "../ruled-fields.js";
import { sameJson } from "../same-json.js";
import { type Choice, settle } from "../settle.js";
import type { Visibility } from "../visibility.js";
import { applyIdentity, type PhotoIdOf, splitOff } from "./apply-identity.js";
import type { Decision, OpenQuestion } from "./decision.js";
import { type Applied, applied, type Concerned, refusal } from "./decision-outcome.js";
import { VISIBILITY_FIELD } from "./further-questions.js";
import { partsOfHolder } from "./holder-names.js";
import { type QuestionContext, questionsOf } from "./open-questions.js";
import { learnedRuleName } from "./value-rules.js";

/** The resolution's `rule` for all values as one. */
const COMBINED = "all together";
/** The resolution's `rule` for what a person knows and leaves as it is. */
const ACCEPTED = "accepted";
/** The resolution's `rule` for a level that a person chose where services show a photo differently. */
const LEVEL_CHOSEN = "level chosen";

/** How decisions are applied. */
export interface Deciding extends QuestionContext {
  /** Whose name approvals bear. */
  readonly person: string;
  /** For a variant that becomes a photo of its own. */
  readonly photoIdOf: PhotoIdOf;
}

/** Whether a person's last word on the field, on record already, is this very answer. */
function isSaid(photo: PhotoDocument, { field, answer, decided_at }: Decision): boolean {
  if (answer.kind === "split") {
    const isThen = (one: Resolution) => one.rule === DIFFERENT_PICTURES && one.resolved_at === decided_at;
    return photo.resolutions?.some(isThen) ?? false;
  }
  const last = photo.resolutions?.findLast((one) => one.field === field);
  if (last?.by !== "person") return false;
  switch (answer.kind) {
    case "value":
      // What was typed may have been recorded in another form.
      return sameJson(last.value, answer.value) || last.resolved_at === decided_at;
    case "level":
      return last.value === answer.level;
    case "different":
      return last.rule === DIFFERENT_PICTURES;
    case "same":
      return false;
    case "accept":
      return last.rule === ACCEPTED;
    case "holder":
      return last.rule === `as ${answer.holder}`;
    case "combine":
      return last.rule === COMBINED;
    case "rule":
      return last.rule === answer.rule;
  }
}

/** Whether the photo has become a variant, as a person wanted it. */
const isJoined = (other: PhotoDocument | null, { photo_id }: Decision, photoIdOf: PhotoIdOf): boolean =>
  other?.variants?.some(
    ({ joined, content_hash }) => joined?.by === "person" && photoIdOf(content_hash) === photo_id,
  ) === true;

/**
 * What a decision makes of the documents it is about. Pure. It is refused where the question is gone, where its values have changed
 * since it was put, and where the answer does not fit it. Visibility becomes wider only by a level that was confirmed. What is
 * recorded bears the decision's own time; applying it again is `already`.
 */
export function applyDecision(concerned: Concerned, decision: Decision, deciding: Deciding): Applied {
  const { photo, other } = concerned;
  const { field, answer } = decision;
  if (photo === null && answer.kind === "same" && isJoined(other, decision, deciding.photoIdOf))
    return { kind: "already" };
  if (photo === null)
    return refusal("decision.unknown-photo", `The library has no photo ${decision.photo_id}.`);
  const { filename } = photo.metadata;
  const question = questionsOf(photo, deciding).find((one) => one.field === field);
  if (question === undefined) {
    const split = splitOff(photo, other, decision, deciding.photoIdOf);
    if (split !== null) return split;
    if (isSaid(photo, decision)) return { kind: "already" };
    return refusal("decision.not-asked", `${filename}: nothing about ${field} is asked any more.`);
  }
  if (answer.kind === "split" && isSaid(photo, decision)) return { kind: "already" };
  if (!sameJson(question.values, decision.values))
    return refusal("decision.outdated", `${filename}: what is said of ${field} has changed since.`);
  if (answer.kind === "split") return splits(photo, decision);
  if (decision.remember === true && learnedRuleOf(decision) === null) {
    return refusal(
      "decision.cannot-remember",
      `${filename}: only a source's own value of a field can be preferred from now on.`,
      "Leave `remember` out.",
    );
  }
  const outcome = answered(concerned, photo, question, decision, deciding);
  if (outcome.kind !== "applied") return outcome;
  return { ...outcome, written: outcome.written.map((document) => noOlder(document, concerned)) };
}

/** Splitting all off that was joined: each a decision on two pictures. */
function splits({ variants = [], metadata }: PhotoDocument, decision: Decision): Applied {
  const { photo_id, decided_at } = decision;
  const decisions = variants.flatMap(({ joined, content_hash }): readonly Decision[] => {
    if (joined === undefined) return [];
    const field = identityField(content_hash);
    return [{ photo_id, field, values: {}, answer: { kind: "different" }, decided_at }];
  });
  return decisions.length > 0
    ? { kind: "instead", decisions }
    : refusal("decision.not-joined", `${metadata.filename}: no other picture was joined to it.`);
}

/** A document that was changed between the decision and its commit does not become older by it. */
function noOlder(document: PhotoDocument, { photo, other }: Concerned): PhotoDocument {
  const before = [photo, other].find((one) => one?.photo_id === document.photo_id)?.updated_at ?? "";
  return before > document.updated_at ? { ...document, updated_at: before } : document;
}

/** The rule that a decision asks to be followed from now on; null where it is no answer that a rule could give. */
export function learnedRuleOf({ answer, field }: Pick<Decision, "answer" | "field">): string | null {
  if (answer.kind !== "holder" || !isRuledField(field)) return null;
  const { source, id } = partsOfHolder(answer.holder);
  return id === null && source !== "canonical" ? learnedRuleName(source, field) : null;
}

function answered(
  concerned: Concerned,
  photo: PhotoDocument,
  question: OpenQuestion,
  decision: Decision,
  deciding: Deciding,
): Applied {
  const { kind } = question;
  const { answer } = decision;
  const misfit = (): Applied =>
    refusal(
      "decision.does-not-fit",
      `${question.filename}: "${answer.kind}" is no answer to the question about ${question.field}.`,
    );
  switch (kind) {
    case "edit_variant":
    case "quality_variant":
    case "rotation":
      return applyIdentity(concerned, question, decision) ?? misfit();
    case "visibility":
      return answer.kind === "level" ? levelled(photo, answer.level, decision, deciding) : misfit();
    case "missing_original":
    case "service_policy":
      return answer.kind === "accept"
        ? applied([withWord(photo, question.field, ACCEPTED, question.values, decision)])
        : misfit();
    default: {
      const choice = choiceIn(question, decision);
      return choice === null ? misfit() : settled(photo, choice, decision);
    }
  }
}

/** A choice, and what a resolution is to call it where that is not what `settle` does. */
interface Chosen {
  readonly choice: Choice;
  readonly rule?: string;
}

/** The answer to a question of values; null where it is none. */
function choiceIn({ options, proposal }: OpenQuestion, { answer }: Decision): Chosen | null {
  switch (answer.kind) {
    case "holder":
      return { choice: { kind: "service", service: answer.holder } };
    case "value":
      return { choice: answer };
    case "combine": {
      const value = options.find((option) => option.answer.kind === "combine")?.value;
      return value === undefined ? null : { choice: { kind: "value", value }, rule: COMBINED };
    }
    case "rule": {
      const { rule } = answer;
      return proposal?.rule === rule ? { choice: { kind: "value", value: proposal.value }, rule } : null;
    }
    default:
      return null;
  }
}

function settled(photo: PhotoDocument, { choice, rule }: Chosen, { field, decided_at }: Decision): Applied {
  try {
    const document = settle(photo, field, choice, decided_at);
    const resolution = document.resolutions?.at(-1);
    if (rule === undefined || resolution === undefined) return applied([document]);
    return applied([
      { ...document, resolutions: withResolution(document.resolutions, { ...resolution, rule }) },
    ]);
  } catch (error) {
    if (!(error instanceof PhotosyncError)) throw error;
    return refusal(error.code, error.message, error.next.join(" "));
  }
}

/** The document with a person's word on what is no value of a field; the question is not asked while it is about the same. */
function withWord(
  document: PhotoDocument,
  field: string,
  rule: string,
  value: Json,
  { decided_at }: Decision,
): PhotoDocument {
  const said = { field, by: "person", rule, value, resolved_at: decided_at } as const;
  return {
    ...document,
    conflicts: document.conflicts.filter((one) => one.field !== field),
    resolutions: withResolution(document.resolutions, said),
    updated_at: decided_at,
  };
}

function levelled(photo: PhotoDocument, level: Visibility, decision: Decision, deciding: Deciding): Applied {
  const { decided_at, confirmed } = decision;
  const { canonical } = photo.visibility;
  if (level !== canonical && allowsMore(photo, level) && confirmed !== true) {
    return refusal(
      "decision.needs-confirmation",
      `${photo.metadata.filename}: as ${level}, more people may see it, and nobody confirmed that.`,
      'If that is what you want, put "confirmed": true beside the answer.',
    );
  }
  const approval = { approved_by: deciding.person, approved_at: decided_at, reason: LEVEL_CHOSEN };
  const decided = level === canonical ? photo : withApproval(photo, level, approval);
  return applied([withWord(decided, VISIBILITY_FIELD, LEVEL_CHOSEN, level, decision)]);
}

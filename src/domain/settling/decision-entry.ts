import type { PhotoId } from "../ids.js";
import type { Json } from "../photo.js";
import { sameJson } from "../same-json.js";
import { parseTakenDate } from "../taken-date.js";
import type { Visibility } from "../visibility.js";
import type { Answer, Decision, OpenQuestion, QuestionPicture } from "./decision.js";

/** Answers that a word says. */
type Word = "combine" | "same" | "different" | "split" | "accept";

/** An answer as it is written down: `kind` may be left out where another key tells it. */
type WrittenAnswer =
  | { readonly kind?: "holder"; readonly holder: string }
  | { readonly kind?: "rule"; readonly rule: string }
  | { readonly kind?: "value"; readonly value: Json }
  | { readonly kind?: "level"; readonly level: Visibility }
  | { readonly kind: Word };

/** One decision as a file or the journal holds it; obeys `$defs/decision` of `schemas/decisions.schema.json`. */
export interface DecisionEntry {
  /** Null where nobody has answered yet; a number is that of an option. */
  readonly answer: null | number | Word | WrittenAnswer;
  readonly remember?: boolean;
  readonly confirmed?: boolean;
  readonly photo_id: PhotoId;
  readonly field: string;
  readonly options?: readonly { readonly number: number; readonly answer: WrittenAnswer }[];
  readonly values?: Readonly<Record<string, Json>>;
  readonly decided_at?: string;
}

/** A question with room for its answer, in the order in which people read it. `fileOf` tells where a picture's bytes lie. */
export function openEntry(question: OpenQuestion, fileOf: (picture: QuestionPicture) => string | null) {
  const { photo_id, field, kind, required, filename, taken_date, description } = question;
  const { held, proposal, reasons, pictures, options, alike, values } = question;
  return {
    answer: null,
    photo_id,
    field,
    kind,
    required,
    filename,
    taken_date,
    description,
    options: options.map((option, at) => ({ number: at + 1, ...option })),
    held,
    proposal,
    reasons,
    pictures: pictures.map((picture) => ({ ...picture, file: fileOf(picture) })),
    alike,
    values,
  };
}

function spelledOut(written: Word | WrittenAnswer): Answer {
  if (typeof written === "string") return { kind: written };
  if ("holder" in written) return { kind: "holder", holder: written.holder };
  if ("rule" in written) return { kind: "rule", rule: written.rule };
  if ("value" in written) return { kind: "value", value: written.value };
  if ("level" in written) return { kind: "level", level: written.level };
  return { kind: written.kind };
}

/** What is to come, or no time, would stand in the documents as when it was decided. */
const isPast = (at: string | undefined, now: string): at is string =>
  at !== undefined && at <= now && parseTakenDate(at) !== null;

/** What an entry says: a decision, nothing yet, or a number that stands for nothing. */
export type ReadEntry =
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "unanswered" }
  | { readonly kind: "no-such-option" };

/**
 * The decision that an entry holds. A number is taken from the entry's own options, else from those of `question`, which only counts
 * where the entry has the values that are asked about: else nobody knows which question the number answers. `now`, RFC 3339 in UTC, counts
 * where the entry has no time, or one to come.
 */
export function decisionIn(entry: DecisionEntry, question: OpenQuestion | null, now: string): ReadEntry {
  const { answer: written, photo_id, field, remember, confirmed } = entry;
  const decided_at = isPast(entry.decided_at, now) ? entry.decided_at : now;
  if (written === null) return { kind: "unanswered" };
  let answer: Answer | undefined;
  if (typeof written !== "number") answer = spelledOut(written);
  else if (entry.options !== undefined) {
    const chosen = entry.options.find((option) => option.number === written);
    answer = chosen && spelledOut(chosen.answer);
  } else if (question !== null && sameJson(entry.values, question.values)) {
    answer = question.options[written - 1]?.answer;
  }
  if (answer === undefined) return { kind: "no-such-option" };
  return {
    kind: "decision",
    decision: {
      photo_id,
      field,
      values: entry.values ?? question?.values ?? {},
      answer,
      ...(remember === true && { remember }),
      ...(confirmed === true && { confirmed }),
      decided_at,
    },
  };
}

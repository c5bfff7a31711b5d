import type { Join } from "../identity/joins.js";
import type { Json } from "../photo.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import { parseTakenDate } from "../taken-date.js";
import type { RuleContext, RuledField, Statement } from "./value-rule.js";
import { type Settlement, settleValues } from "./value-rules.js";

/** Questions whether two pictures are one. */
export type IdentityKind = "rotation" | "edit_variant" | "quality_variant";

/** What a person may be asked about, as the list of open questions is grouped. */
export const QUESTION_KINDS = [
  "caption",
  "title",
  "date",
  "date_shift",
  "place",
  "camera",
  "tags",
  "rating",
  "people",
  "albums",
  "rotation",
  "edit_variant",
  "quality_variant",
  "visibility",
  "missing_original",
  "service_policy",
] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** One value of a question, and whose it is. */
export interface Held {
  readonly value: Json;
  /** Sources that hold it, sorted. */
  readonly holders: readonly string[];
  /** RFC 3339 in UTC: when the last of them was seen to have it; null where nobody knows. */
  readonly since: string | null;
}

/** A difference that is put to a person. */
export interface Question {
  readonly kind: QuestionKind;
  readonly field: RuledField;
  /** Each value once, in the order of its first holder. */
  readonly held: readonly Held[];
  /** What a rule would make of it, were every rule on; null where none covers it. */
  readonly proposal: Settlement | null;
}

const KINDS: Readonly<Record<RuledField, QuestionKind>> = {
  taken_date: "date",
  caption: "caption",
  title: "title",
  location: "place",
  camera_info: "camera",
  tags: "tags",
  rating: "rating",
  people: "people",
  albums: "albums",
};

const QUARTER_HOUR_MS = 900_000;
const WIDEST_SHIFT_MS = 14 * 3_600_000;

/**
 * Milliseconds by which the second clock is later, where both dates are whole quarter hours, at most 14 hours, apart: a zone that
 * somebody put wrong, or a camera's clock left at home. Null for all else. Wall clocks are compared as they are written.
 */
export function clockShift(a: string, b: string): number | null {
  const [left, right] = [parseTakenDate(a), parseTakenDate(b)];
  if (left === null || right === null) return null;
  const gap = Math.floor(right.wallClockMs / 1000) * 1000 - Math.floor(left.wallClockMs / 1000) * 1000;
  const isShift = gap !== 0 && gap % QUARTER_HOUR_MS === 0 && Math.abs(gap) <= WIDEST_SHIFT_MS;
  return isShift ? gap : null;
}

function kindOf(field: RuledField, held: readonly Held[]): QuestionKind {
  if (field !== "taken_date") return KINDS[field];
  const dates = held.map(({ value }) => (typeof value === "string" ? value : ""));
  const isShifted = dates.slice(1).every((date) => clockShift(dates[0] ?? "", date) !== null);
  return isShifted && dates.length > 1 ? "date_shift" : "date";
}

/** What each source last said, and when it was last seen to say so. */
export interface DatedStatement extends Statement {
  readonly since: string | null;
}

/** Each value once, in the order of its first holder, and whose it is. */
export function valuesHeld(statements: readonly DatedStatement[]): readonly Held[] {
  const held: Held[] = [];
  for (const { source, value, since } of statements.toSorted((a, b) => byCodeUnit(a.source, b.source))) {
    const at = held.findIndex((one) => sameJson(one.value, value));
    const known = held[at];
    if (known === undefined) held.push({ value, holders: [source], since });
    else {
      const holders = [...new Set([...known.holders, source])].sort(byCodeUnit);
      const later = [known.since, since].filter((one) => one !== null).sort(byCodeUnit);
      held[at] = { value: known.value, holders, since: later.at(-1) ?? null };
    }
  }
  return held;
}

/** The question that statements of one field raise; null where all say the same. The order of statements does not count. */
export function questionOf(
  field: RuledField,
  statements: readonly DatedStatement[],
  everyRule: readonly string[],
  context: RuleContext,
): Question | null {
  const held = valuesHeld(statements);
  if (held.length < 2) return null;
  const proposal = settleValues(field, statements, everyRule, context);
  return { kind: kindOf(field, held), field, held, proposal };
}

/** What kind of question a join is that identity asks about. */
export function kindOfJoin({ role, turns }: Pick<Join, "role" | "turns">): IdentityKind {
  if (turns !== undefined) return "rotation";
  return role === "edited" ? "edit_variant" : "quality_variant";
}

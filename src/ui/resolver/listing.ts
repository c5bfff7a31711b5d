import { byCodeUnit } from "../../domain/same-json.js";
import type { OpenQuestion } from "../../domain/settling/decision.js";
import { QUESTION_KINDS, type QuestionKind } from "../../domain/settling/question.js";

/** Questions that one answer can settle, as places in `questions`. */
export interface Group {
  readonly kind: QuestionKind;
  readonly members: readonly number[];
}

/** A line of the list. `at` counts the questions in the order in which they are listed. */
export type Row =
  | { readonly is: "kind"; readonly kind: QuestionKind; readonly members: readonly number[] }
  | { readonly is: "alike"; readonly group: Group }
  | { readonly is: "question"; readonly at: number };

/** The list as it stands, whatever was decided meanwhile. */
export interface Listing {
  /** Places in `questions`, as they are listed. */
  readonly order: readonly number[];
  /** The group of each question in `order`. */
  readonly groups: readonly Group[];
  readonly rows: readonly Row[];
  /** The row of each question in `order`. */
  readonly rowOf: readonly number[];
}

/** The kinds that there are questions of, in their fixed order. */
export function kindsOf(questions: readonly OpenQuestion[]): readonly QuestionKind[] {
  const present = new Set(questions.map(({ kind }) => kind));
  return QUESTION_KINDS.filter((kind) => present.has(kind));
}

/** After every date. */
const UNDATED = "~";

function groupsOf(questions: readonly OpenQuestion[], kind: QuestionKind): readonly Group[] {
  const byAnswer = new Map<string, number[]>();
  for (const [place, question] of questions.entries()) {
    if (question.kind !== kind) continue;
    const members = byAnswer.get(question.alike);
    if (members === undefined) byAnswer.set(question.alike, [place]);
    else members.push(place);
  }
  const dateOf = (place: number): string => questions[place]?.taken_date ?? UNDATED;
  const nameOf = (place: number): string => questions[place]?.filename ?? "";
  for (const members of byAnswer.values()) {
    members.sort((a, b) => byCodeUnit(dateOf(a), dateOf(b)) || byCodeUnit(nameOf(a), nameOf(b)));
  }
  const groups = Array.from(byAnswer.values(), (members) => ({ kind, members }));
  return groups.sort((a, b) => b.members.length - a.members.length);
}

/**
 * Questions by kind, within it those together that one answer can settle, the most first; within a group by date and file name. With a filter
 * only those of that kind.
 */
export function listingOf(questions: readonly OpenQuestion[], filter: QuestionKind | null): Listing {
  const order: number[] = [];
  const groups: Group[] = [];
  const rows: Row[] = [];
  const rowOf: number[] = [];
  for (const kind of filter === null ? kindsOf(questions) : [filter]) {
    const ofKind = groupsOf(questions, kind);
    rows.push({ is: "kind", kind, members: ofKind.flatMap(({ members }) => members) });
    const hasAlike = ofKind.some(({ members }) => members.length > 1);
    for (const [index, group] of ofKind.entries()) {
      const isFirstAlone = group.members.length === 1 && ofKind[index - 1]?.members.length !== 1;
      if (group.members.length > 1 || (hasAlike && isFirstAlone)) rows.push({ is: "alike", group });
      for (const place of group.members) {
        rowOf.push(rows.length);
        rows.push({ is: "question", at: order.length });
        order.push(place);
        groups.push(group);
      }
    }
  }
  return { order, groups, rows, rowOf };
}

/** The first of `height` rows that are seen, so that the given row is among them, in the middle where it can be. */
export function windowStart(rows: number, row: number, height: number): number {
  return Math.max(0, Math.min(row - Math.floor(height / 2), rows - height));
}

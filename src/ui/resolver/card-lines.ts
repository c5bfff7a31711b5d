import type { AnswerOption, OpenQuestion } from "../../domain/settling/decision.js";
import { graphemes, shown } from "../../text/lines.js";
import { grouped, readable } from "../../text/units.js";
import { apart, columnsOf, type Line, lineColumns, middle, outside, type Span } from "../cells.js";
import { wrapSpans } from "../wrap.js";
import { optionOf } from "./deciding.js";
import { readableValue } from "./field-text.js";
import { KIND_TITLES } from "./kind-titles.js";
import { openAlike, type State } from "./state.js";
import { safeLines } from "./value-spans.js";

/** The photo's name and date, and where in the list this is. */
export function cardTitle(state: State, { filename, taken_date, kind }: OpenQuestion, columns: number): Line {
  const alike = openAlike(state);
  const place = `${grouped(state.position + 1)} of ${grouped(state.listing.order.length)}`;
  const full = `${KIND_TITLES[kind]}, ${place}${alike > 1 ? `, ${grouped(alike)} alike` : ""} `;
  const where = columnsOf(full) < columns / 2 ? full : `${place} `;
  const date = columns < 60 ? "" : `  ${taken_date === null ? "undated" : readable(taken_date)}`;
  const room = columns - columnsOf(where) - columnsOf(date) - 3;
  return apart(
    [{ text: ` ${middle(filename, room)}`, style: "strong" }, outside(date, "quiet")],
    [{ text: where }],
    columns,
  );
}

/** An answer as it is offered, with what the field would hold. */
interface Offer {
  readonly head: Span;
  readonly since: string | null;
  readonly value: Line | null;
  /** Some source has that value. */
  readonly isHeld: boolean;
}

function offerOf(question: OpenQuestion, spans: readonly Line[], option: AnswerOption): Offer {
  const { answer, label, value } = option;
  const index =
    answer.kind === "holder" ? question.held.findIndex(({ holders }) => holders.includes(answer.holder)) : -1;
  const plain = value === undefined ? null : [{ text: safeLines(readableValue(question.field, value)) }];
  // A level says all of itself in its label.
  const whole = answer.kind === "level" ? null : plain;
  return {
    head: outside(label),
    since: question.held[index]?.since?.slice(0, 10) ?? null,
    value: spans[index] ?? whole,
    isHeld: index !== -1,
  };
}

/**
 * The value in at most `limit` lines. Where it is longer and differs from the others only beyond them, it begins shortly before that
 * with `…`: what cannot be told apart cannot be chosen.
 */
function excerpt(value: Line, columns: number, limit: number): readonly Line[] {
  const from = value.findIndex(({ style }) => style === "differs");
  const before = value
    .slice(0, from)
    .map(({ text }) => text)
    .join("");
  const isFar = from > 0 && wrapSpans([{ text: before }], columns, limit + 1).length >= limit;
  if (!isFar || wrapSpans(value, columns, limit + 1).length <= limit) return wrapSpans(value, columns, limit);
  const tail = graphemes(before)
    .slice(-Math.floor(columns / 3))
    .join("")
    .replace(/^\S*\s/u, "");
  return wrapSpans([{ text: "… ", style: "quiet" }, { text: tail }, ...value.slice(from)], columns, limit);
}

const INDENT = 5;

function offerLines(
  offer: Offer,
  number: number,
  limit: number,
  columns: number,
  isChosen: boolean,
): readonly Line[] {
  const mark: Line = [
    { text: isChosen ? " ✓ " : "   ", style: "good" },
    { text: number <= 9 ? String(number) : " ", style: "key" },
    { text: "  " },
  ];
  if (limit === 0 && offer.value !== null) {
    const [first = []] = excerpt(offer.value, columns - columnsOf(offer.head.text) - INDENT - 4, 1);
    return [[...mark, offer.head, { text: ": " }, ...first]];
  }
  if (offer.value === null)
    return hanging(mark, wrapSpans([{ ...offer.head, style: "strong" }], columns - INDENT - 2, 3));
  const since: Line = offer.since === null ? [] : [{ text: `since ${offer.since} `, style: "quiet" }];
  const head = apart([...mark, { ...offer.head, style: "strong" }], since, columns);
  // What one source says is what has to be compared; all together is the same words again.
  const most = offer.isHeld ? limit : Math.min(limit, 4);
  const value = excerpt(offer.value, columns - INDENT - 2, most);
  return [head, ...value.map((line): Line => [{ text: " ".repeat(INDENT + 1) }, ...line])];
}

/** Lines of which the first has a mark before it, and the others as much room. */
const hanging = (mark: Line, lines: readonly Line[]): readonly Line[] =>
  lines.map((line, index) => [...(index === 0 ? mark : [{ text: " ".repeat(lineColumns(mark)) }]), ...line]);

/** The numbered answers in at most `rows` lines: the longer the values, the less of each is seen. */
export function answerLines(
  state: State,
  question: OpenQuestion,
  spans: readonly Line[],
  columns: number,
  rows: number,
): readonly Line[] {
  const decision = state.decided.get(question.id);
  const chosen = decision === undefined ? undefined : optionOf(question, decision);
  const offers = question.options.map((option) => ({
    offer: offerOf(question, spans, option),
    isChosen: option === chosen,
  }));
  const own: readonly Line[] =
    decision?.answer.kind === "value" && chosen === undefined
      ? [
          [
            { text: " ✓ ", style: "good" },
            { text: "e", style: "key" },
            { text: "  " },
            outside(readableValue(question.field, decision.answer.value).replace(/\s+/gu, " ")),
          ],
        ]
      : [];
  const drawn = (limit: number) => [
    ...offers.flatMap(({ offer, isChosen }, index) => offerLines(offer, index + 1, limit, columns, isChosen)),
    ...own,
  ];
  const limits = [12, 8, 6, 5, 4, 3, 2, 1, 0];
  for (const limit of limits) {
    const lines = drawn(limit);
    if (lines.length <= rows) return lines;
  }
  const least = drawn(0);
  const kept = least.slice(0, Math.max(0, rows - 1));
  return [
    ...kept,
    [{ text: `   … ${least.length - kept.length} more; a higher window shows them`, style: "quiet" }],
  ];
}

/** What is asked, why, and what a rule would do where it is no answer of its own, in at most `rows` lines. */
export function evidenceLines(question: OpenQuestion, columns: number, rows: number): readonly Line[] {
  const { description, reasons, proposal, options, held, field } = question;
  const asked = wrapSpans([{ text: shown(description) }], columns - 2, 2);
  // Where the answers are not what each one has, that is told here.
  const isChoice = options.some(({ answer }) => answer.kind === "holder");
  const told = isChoice
    ? []
    : held.map(({ value, holders }) => `${holders.join(", ")}: ${readableValue(field, value)}`);
  const why = [...reasons, ...told].flatMap((reason) =>
    hanging(
      [{ text: " - ", style: "quiet" }],
      wrapSpans([{ text: shown(reason), style: "quiet" }], columns - 5, 2),
    ),
  );
  const isOffered = options.some(({ answer }) => answer.kind === "rule");
  const rule: readonly Line[] =
    proposal === null || isOffered
      ? []
      : [
          [
            {
              text: ` The rule ${shown(proposal.rule)} would choose: ${shown(readableValue(question.field, proposal.value).replace(/\s+/gu, " "))}`,
              style: "quiet",
            },
          ],
        ];
  const lines = [...asked.map((line): Line => [{ text: " " }, ...line]), ...why, ...rule];
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, Math.max(0, rows - 1)), [{ text: "   … v shows all", style: "quiet" }]];
}

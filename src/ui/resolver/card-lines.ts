import { shown } from "../../cli/render/text.js";
import { grouped, readable } from "../../cli/render/units.js";
import type { AnswerOption, OpenQuestion } from "../../domain/settling/decision.js";
import { apart, columnsOf, type Line, middle, outside, type Span } from "../cells.js";
import { wrapSpans } from "../wrap.js";
import { readableValue } from "./field-text.js";
import { groupAt, openAmong, type State } from "./state.js";
import { safeLines } from "./value-spans.js";
import { KIND_TITLES } from "./words.js";

/** The photo's name and date, and where in the list this is. */
export function cardTitle(state: State, { filename, taken_date, kind }: OpenQuestion, columns: number): Line {
  const alike = openAmong(state, groupAt(state)?.members ?? []);
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
}

function offerOf(question: OpenQuestion, spans: readonly Line[], option: AnswerOption): Offer {
  const { answer, label, value } = option;
  const index =
    answer.kind === "holder" ? question.held.findIndex(({ holders }) => holders.includes(answer.holder)) : -1;
  const held = question.held[index];
  const also = held?.holders.filter((holder) => answer.kind !== "holder" || holder !== answer.holder) ?? [];
  const name = also.length === 0 ? label : `${label} (as ${also.join(", ")})`;
  const plain = value === undefined ? null : [{ text: safeLines(readableValue(question.field, value)) }];
  return {
    head: outside(name),
    since: held?.since?.slice(0, 10) ?? null,
    value: spans[index] ?? plain,
  };
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
    const [first = []] = wrapSpans(offer.value, columns - columnsOf(offer.head.text) - INDENT - 4, 1);
    return [[...mark, offer.head, { text: ": " }, ...first]];
  }
  const since: Line = offer.since === null ? [] : [{ text: `since ${offer.since} `, style: "quiet" }];
  const head = apart([...mark, { ...offer.head, style: "strong" }], since, columns);
  const value = offer.value === null ? [] : wrapSpans(offer.value, columns - INDENT - 2, limit);
  return [head, ...value.map((line): Line => [{ text: " ".repeat(INDENT + 1) }, ...line])];
}

/** The numbered answers in at most `rows` lines: the longer the values, the less of each is seen. */
export function answerLines(
  state: State,
  question: OpenQuestion,
  spans: readonly Line[],
  columns: number,
  rows: number,
): readonly Line[] {
  const decision = state.decided.get(question.id);
  const offers = question.options.map((option) => ({
    offer: offerOf(question, spans, option),
    isChosen: decision !== undefined && JSON.stringify(decision.answer) === JSON.stringify(option.answer),
  }));
  const own: readonly Line[] =
    decision?.answer.kind === "value" && !offers.some(({ isChosen }) => isChosen)
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
  const { description, reasons, proposal, options } = question;
  const asked = wrapSpans([{ text: shown(description) }], columns - 2, 2);
  const why = reasons.flatMap((reason) => {
    const [first = [], ...rest] = wrapSpans([{ text: shown(reason), style: "quiet" }], columns - 5, 2);
    return [
      [{ text: " - ", style: "quiet" as const }, ...first],
      ...rest.map((line): Line => [{ text: "   " }, ...line]),
    ];
  });
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

/** Every word of what is asked, of the evidence and of the values. */
export function readingLines(
  question: OpenQuestion,
  spans: readonly Line[],
  columns: number,
): readonly Line[] {
  const values = question.held.flatMap(({ holders, since }, index): readonly Line[] => [
    [],
    apart(
      [{ text: " " }, outside(holders.join(", "), "strong")],
      since === null ? [] : [{ text: `since ${since.slice(0, 10)} `, style: "quiet" }],
      columns,
    ),
    ...wrapSpans(spans[index] ?? [], columns - 4).map((line): Line => [{ text: "   " }, ...line]),
  ]);
  return [...evidenceLines(question, columns, Number.POSITIVE_INFINITY), ...values];
}

import type { OpenQuestion } from "../../domain/settling/decision.js";
import { shown } from "../../text/lines.js";
import { counted, readable } from "../../text/units.js";
import { apart, cut, fill, type Line, middle, outside } from "../cells.js";
import { wrapSpans } from "../wrap.js";
import { evidenceLines } from "./card-lines.js";
import { optionOf } from "./deciding.js";
import { FOOT_ROWS, type Room } from "./room.js";
import { currentOf, type Intent, type State } from "./state.js";
import { heading, type In, prose } from "./text-lines.js";
import { heldSpans, valueInLine } from "./value-spans.js";

/** Lines that stay, and below them lines that scroll. */
interface Long {
  readonly head: readonly Line[];
  readonly lines: readonly Line[];
}

const heightOf = ({ head }: Long, rows: number): number => Math.max(1, rows - head.length);
const mostTopOf = (long: Long, rows: number): number => Math.max(0, long.lines.length - heightOf(long, rows));

function seen(long: Long, top: number, rows: number): readonly Line[] {
  const start = Math.min(top, mostTopOf(long, rows));
  return [...long.head, ...long.lines.slice(start, start + heightOf(long, rows))];
}

function reading(question: OpenQuestion, columns: number, color: boolean): Long {
  const { held, filename, taken_date } = question;
  const spans = heldSpans(question, color);
  const title: Line = [
    ...heading(middle(filename, columns - 28)),
    outside(`  ${taken_date === null ? "undated" : readable(taken_date)}`, "quiet"),
  ];
  const values = held.flatMap(({ holders, since }, index): readonly Line[] => [
    [],
    apart(
      [{ text: " " }, outside(holders.join(", "), "strong")],
      since === null ? [] : [{ text: `since ${since.slice(0, 10)} `, style: "quiet" }],
      columns,
    ),
    ...wrapSpans(spans[index] ?? [], columns - 4).map((line): Line => [{ text: "   " }, ...line]),
  ]);
  return { head: [title], lines: [...evidenceLines(question, columns, Number.POSITIVE_INFINITY), ...values] };
}

/** Every word of what is asked, of the evidence and of the values. */
export const readingLines = (
  question: OpenQuestion,
  top: number,
  { columns, rows, color }: Room,
): readonly Line[] => seen(reading(question, columns, color), top, rows);

const NAME_COLUMNS = 24;

function consequence(state: State, { option }: Intent, place: number): Line {
  const question = state.questions[place];
  if (question === undefined) return [];
  const own = optionOf(question, option) ?? option;
  const value = own.value === undefined ? shown(own.label) : valueInLine(question.field, own.value);
  const name = fill(
    [{ text: `   ${middle(question.filename, NAME_COLUMNS)}`, style: "strong" }],
    NAME_COLUMNS + 3,
  );
  return [...name, { text: `  ${value}` }];
}

function confirming(state: State, intent: Intent, columns: number): Long {
  const { option, targets, remember } = intent;
  const label = shown(option.label);
  const above = remember
    ? [
        heading(`Always take ${label} from now on?`),
        ...prose(
          "This question is answered so now. From the next run on, where sources differ in this field and no other rule settles it, this source's value is taken without asking.",
          columns,
        ),
      ]
    : [
        heading(`Settle all ${counted(targets.length, "question")} alike so: ${label}?`),
        ...prose("Each photo would get:", columns),
      ];
  const list = targets.map((place) => cut(consequence(state, intent, place), columns - 1));
  return { head: [...above, []], lines: list };
}

/** What would happen, before it does. */
export const confirmingLines = (
  state: State,
  { intent, top }: In<"confirming">,
  { columns, rows }: Room,
): readonly Line[] => seen(confirming(state, intent, columns), top, rows);

/** How far what is on the screen can be scrolled. */
export function mostTop(state: State, { columns, rows, color }: Room): number {
  const question = currentOf(state);
  if (state.mode.at === "confirming") {
    return mostTopOf(confirming(state, state.mode.intent, columns), rows - FOOT_ROWS);
  }
  if (state.mode.at !== "reading" || question === undefined) return 0;
  return mostTopOf(reading(question, columns, color), rows - FOOT_ROWS);
}

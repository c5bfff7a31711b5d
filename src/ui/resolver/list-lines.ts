import type { OpenQuestion, QuestionPicture } from "../../domain/settling/decision.js";
import { holderNames } from "../../domain/settling/holder-names.js";
import { counted, grouped } from "../../text/units.js";
import { apart, cut, fill, type Line, middle, outside } from "../cells.js";
import { labelOf } from "./deciding.js";
import { KIND_TITLES } from "./kind-titles.js";
import { type Row, windowStart } from "./listing.js";
import { openAmong, openCount, type State } from "./state.js";
import { valueInLine } from "./value-spans.js";

/** Rows above the list that tell what it is. */
const TITLE_ROWS = 2;

/** How many of so many rows are left for the questions. */
export const listRows = (rows: number): number => Math.max(1, rows - TITLE_ROWS);

/** The list with its titles, of exactly `rows` lines, three at least. */
export function listLines(state: State, columns: number, rows: number): readonly Line[] {
  const { listing, position, filter } = state;
  const open = openCount(state);
  const answered = state.questions.length - open;
  const title: Line = columns < 60 ? [] : [{ text: " photosync resolve", style: "strong" }];
  const counts: Line = [{ text: `${counted(open, "question")} open, ${grouped(answered)} answered ` }];
  const what = filter === null ? " All kinds" : ` Only: ${KIND_TITLES[filter]}`;
  const where = `${grouped(listing.order.length === 0 ? 0 : position + 1)} of ${grouped(listing.order.length)} `;
  const height = listRows(rows);
  const top = windowStart(listing.rows.length, listing.rowOf[position] ?? 0, height);
  const seen = listing.rows.slice(top, top + height).map((row) => rowLine(state, row, columns));
  const empty = Array.from({ length: height - seen.length }, (): Line => []);
  return [
    apart(title, counts, columns),
    apart([{ text: what, style: "quiet" }], [{ text: where, style: "quiet" }], columns),
    ...seen,
    ...empty,
  ];
}

function rowLine(state: State, row: Row, columns: number): Line {
  if (row.is === "kind") {
    const open = openAmong(state, row.members);
    const all = row.members.length;
    const count = open === all ? grouped(all) : `${grouped(open)} of ${grouped(all)} open`;
    return cut([{ text: ` ${KIND_TITLES[row.kind]}`, style: "strong" }, { text: `  ${count}` }], columns);
  }
  if (row.is === "alike") {
    const { members } = row.group;
    const open = openAmong(state, members);
    const text =
      members.length === 1
        ? "   each on its own"
        : open > 1
          ? `   the same answer would settle ${grouped(open)} of these`
          : "   these were alike";
    return cut([{ text, style: "quiet" }], columns);
  }
  const question = state.questions[state.listing.order[row.at] ?? -1];
  return question === undefined ? [] : questionLine(state, question, row.at, columns);
}

function questionLine(state: State, question: OpenQuestion, at: number, columns: number): Line {
  const isHere = at === state.position;
  const decision = state.decided.get(question.id);
  const nameColumns = Math.max(8, Math.min(32, Math.floor(columns * 0.3)));
  const name = fill([{ text: middle(question.filename, nameColumns) }], nameColumns);
  const date = columns < 60 ? "" : `  ${(question.taken_date?.slice(0, 10) ?? "undated").padEnd(10)}`;
  const what = decision === undefined ? summary(question) : labelOf(question, decision);
  const mark: Line = [{ text: isHere ? " > " : "   " }];
  const words: Line = [
    { text: decision === undefined ? "  " : "✓ " },
    ...name,
    outside(date),
    outside(`  ${what}`),
  ];
  const room = columns - 4;
  const line = isHere ? fill(words, room) : cut(words, room);
  const style = isHere ? "selected" : decision === undefined ? "plain" : "quiet";
  return [...mark, ...line.map((span) => ({ ...span, style }) as const)];
}

/** Where a picture is, and its size in pixels where that is known. */
function pictureInShort({ holders, width, height }: QuestionPicture): string {
  const where = holderNames(holders);
  return width === undefined || height === undefined ? where : `${where}: ${width} × ${height}`;
}

function summary({ kind, held, field, pictures, description }: OpenQuestion): string {
  if (kind === "visibility")
    return held.map(({ value, holders }) => `${holders.join(", ")}: ${value}`).join(" | ");
  if (held.length > 0) return held.map(({ value }) => valueInLine(field, value)).join(" | ");
  return pictures.length > 1 ? pictures.map(pictureInShort).join(" | ") : description;
}

import { type Line, lineColumns, type Span } from "../cells.js";
import { isOfDifferentPictures } from "./deciding.js";
import { fieldText } from "./field-text.js";
import { type Binding, type Command, KEYMAP } from "./keymap.js";
import { mayBeRule } from "./scope.js";
import { currentOf, openAlike, type State } from "./state.js";

const spansOf = ({ shown, hint = "" }: Binding): Line => [
  { text: shown.split(" ")[0] ?? "", style: "key" },
  { text: ` ${hint}` },
];

/** Keys that would do nothing on this question are not offered. */
function isOfUse(state: State, { command }: Binding): boolean {
  const question = currentOf(state);
  if (command === "undo") return state.history.length > 0;
  if (command === "filter") return state.questions.some(({ kind }) => kind !== state.questions[0]?.kind);
  if (state.mode.at !== "card" || question === undefined) return true;
  switch (command) {
    case "edit":
      return fieldText(question.field) !== null;
    case "different":
      return question.options.some(isOfDifferentPictures);
    case "alike":
      return openAlike(state) > 1;
    case "always":
      return mayBeRule(state);
    case "pictures":
      return question.pictures.length > 0;
    case "read":
      return question.held.length > 0;
    default:
      return true;
  }
}

const GAP: Span = { text: "  " };

const LAST: Readonly<Record<"done" | "other", readonly Command[]>> = {
  done: ["help"],
  other: ["help", "back", "quit", "no"],
};

/** The line of keys at the bottom: as many as there is room for, and always how to get help and out. */
export function hintLine(state: State, columns: number): Line {
  const hints = KEYMAP[state.mode.at].filter((one) => one.hint !== undefined && isOfUse(state, one));
  const isLast = ({ command }: Binding) =>
    LAST[state.mode.at === "done" ? "done" : "other"].includes(command);
  const last = hints.filter(isLast).map(spansOf);
  const widthOf = (lines: readonly Line[]) => lines.reduce((sum, line) => sum + lineColumns(line) + 2, -2);
  const kept: Line[] = [];
  for (const hint of hints.filter((one) => !isLast(one)).map(spansOf)) {
    if (widthOf([...kept, hint, ...last]) > columns - 1) break;
    kept.push(hint);
  }
  return [...kept, ...last].flatMap((line, index) => (index === 0 ? line : [GAP, ...line]));
}

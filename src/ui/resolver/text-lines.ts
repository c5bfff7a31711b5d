import type { OpenQuestion } from "../../domain/settling/decision.js";
import { shown } from "../../text/lines.js";
import { counted } from "../../text/units.js";
import { WHO } from "../../text/who-sees.js";
import { cut, type Line, middle } from "../cells.js";
import { wrapSpans } from "../wrap.js";
import { levelNow } from "./deciding.js";
import { fieldText } from "./field-text.js";
import { KEYMAP } from "./keymap.js";
import { editorColumns } from "./room.js";
import type { Mode, State } from "./state.js";
import { layOut, type TextEditor } from "./text-editor.js";

/** A mode of one kind. */
export type In<At extends Mode["at"]> = Extract<Mode, { readonly at: At }>;

/** Plain words, wrapped. */
export const prose = (text: string, columns: number): readonly Line[] =>
  wrapSpans([{ text }], columns - 2).map((line): Line => [{ text: " " }, ...line]);

/** What a screen is about. */
export const heading = (text: string): Line => [{ text: ` ${text}`, style: "strong" }];

/** The text as it is edited, its cursor shown inverted; of a long text the lines around the cursor. */
function editorLines(editor: TextEditor, columns: number, rows: number): readonly Line[] {
  const { lines, line, into } = layOut(editor, editorColumns(columns));
  const top = Math.max(0, Math.min(line - Math.floor(rows / 2), lines.length - rows));
  return lines.slice(top, top + rows).map(({ start, end }, index): Line => {
    const parts = editor.parts.slice(start, end).map(shown);
    if (top + index !== line) return [{ text: "   " }, { text: parts.join("") }];
    return [
      { text: "   " },
      { text: parts.slice(0, into).join("") },
      { text: parts[into] ?? " ", style: "cursor" },
      { text: parts.slice(into + 1).join("") },
    ];
  });
}

/** The text of a value that a person writes. */
export function editingLines(
  question: OpenQuestion,
  mode: In<"editing">,
  columns: number,
  rows: number,
): readonly Line[] {
  const below: readonly Line[] =
    mode.problem === null
      ? prose(fieldText(question.field)?.how ?? "", columns).map((line) =>
          line.map((span) => ({ ...span, style: "quiet" as const })),
        )
      : prose(mode.problem, columns).map((line) =>
          line.map((span) => ({ ...span, style: "warning" as const })),
        );
  const name = middle(question.filename, columns - 12);
  const above: readonly Line[] = [heading(`${name}: write the value`), []];
  const room = Math.max(1, rows - above.length - below.length - 1);
  return [...above, ...editorLines(mode.editor, columns, room), [], ...below];
}

/** What it means that more people would see photos, and what to type to agree. */
export function wideningLines(
  state: State,
  { intent, level, editor }: In<"widening">,
  columns: number,
): readonly Line[] {
  const question = state.questions[intent.targets[0] ?? -1];
  if (question === undefined) return [];
  const [count, present] = [intent.targets.length, levelNow(question)];
  const name = shown(question.filename);
  const what =
    count === 1
      ? `${name} is ${present} now: ${WHO[present]}. As ${level}, ${WHO[level]} may see it, wherever it stands.`
      : `${counted(count, "photo")}, ${name} among them, would become ${level}: ${WHO[level]} may see them, wherever they stand.`;
  return [
    heading("More people would see this"),
    ...prose(`${what} No service changes before you run photosync replicate --execute.`, columns),
    [],
    [{ text: " Type " }, { text: level, style: "key" }, { text: " to agree:" }],
    ...editorLines(editor, columns, 1),
  ];
}

const ABOUT =
  "Each answer is kept at once, also when you quit or the computer stops. When you leave, all of them become one commit; photosync undo takes it back. No service is changed before photosync replicate.";

/** Every key of what help was asked for. */
export function helpLines(back: In<"help">["back"], columns: number, rows: number): readonly Line[] {
  const keys = KEYMAP[back].map(
    ({ shown: names, help }): Line => [{ text: `   ${names.padEnd(13)}`, style: "key" }, { text: help }],
  );
  const about = prose(ABOUT, columns);
  const all = [heading("Keys"), ...keys, [], ...about];
  return (all.length <= rows ? all : [heading("Keys"), ...keys]).map((line) => cut(line, columns));
}

/** All is answered. */
export function doneLines(state: State, columns: number): readonly Line[] {
  const count = state.questions.length;
  return [
    [],
    heading(count === 1 ? "The question is answered." : `All ${counted(count, "question")} are answered.`),
    [],
    ...prose(
      "Enter finishes and makes one commit of them. u takes the last answer back, l shows the list.",
      columns,
    ),
  ];
}

import { graphemes } from "../../text/lines.js";
import { type Stretch, wrapGraphemes } from "../wrap.js";

/** A text that is being edited. */
export interface TextEditor {
  readonly parts: readonly string[];
  /** Before which grapheme the next one goes, 0 to their number. */
  readonly cursor: number;
}

/** A text to be edited, the cursor at its end. */
export const editorOf = (text: string): TextEditor => {
  const parts = graphemes(text.replace(/\r\n?/gu, "\n"));
  return { parts, cursor: parts.length };
};

/** What stands in the editor. */
export const textOf = ({ parts }: TextEditor): string => parts.join("");

/** Line breaks and tabs stay; what else is a control character cannot be meant as text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const NO_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Puts text, typed or pasted, at the cursor. A mark that joins the character before it becomes part of that one. */
export function insert({ parts, cursor }: TextEditor, text: string): TextEditor {
  const clean = text.replace(/\r\n?/gu, "\n").replace(NO_TEXT, "");
  const before = parts.slice(0, cursor).join("") + clean;
  const next = graphemes(before + parts.slice(cursor).join(""));
  let seen = 0;
  let at = 0;
  while (at < next.length && seen < before.length) {
    seen += next[at]?.length ?? 0;
    at += 1;
  }
  return { parts: next, cursor: at };
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));
const isWord = (part: string | undefined): boolean => part !== undefined && !/^[\s\p{P}]+$/u.test(part);

function wordEdge({ parts, cursor }: TextEditor, direction: 1 | -1): number {
  const next = (at: number) => parts[direction === 1 ? at : at - 1];
  let at = cursor;
  const inside = () => at + Math.min(direction, 0) >= 0 && at + Math.max(direction, 0) <= parts.length;
  while (inside() && !isWord(next(at))) at += direction;
  while (inside() && isWord(next(at))) at += direction;
  return clamp(at, parts.length);
}

function lineOf(lines: readonly Stretch[], cursor: number): number {
  const after = lines.findIndex(({ start }) => start > cursor);
  return after === -1 ? lines.length - 1 : after - 1;
}

/** The lines that the text takes, in which of them the cursor is, and how far into it. */
export function layOut({ parts, cursor }: TextEditor, columns: number) {
  const lines = wrapGraphemes(parts, columns);
  const line = lineOf(lines, cursor);
  return { lines, line, into: cursor - (lines[line]?.start ?? 0) };
}

function vertically(editor: TextEditor, columns: number, by: number): number {
  const { lines, line, into } = layOut(editor, columns);
  const target = lines[line + by];
  if (target === undefined) return by < 0 ? 0 : editor.parts.length;
  return Math.min(target.start + into, target.end);
}

/** Where the cursor can be sent, or what can be erased up to. */
export const MOTIONS = [
  "left",
  "right",
  "up",
  "down",
  "wordLeft",
  "wordRight",
  "lineStart",
  "lineEnd",
  "start",
  "end",
] as const;
export type Motion = (typeof MOTIONS)[number];

/** Where a motion leads; up, down and the ends of a line go by the lines that are seen. */
function whereTo(editor: TextEditor, motion: Motion, columns: number): number {
  const { parts, cursor } = editor;
  switch (motion) {
    case "left":
      return clamp(cursor - 1, parts.length);
    case "right":
      return clamp(cursor + 1, parts.length);
    case "up":
      return vertically(editor, columns, -1);
    case "down":
      return vertically(editor, columns, 1);
    case "wordLeft":
      return wordEdge(editor, -1);
    case "wordRight":
      return wordEdge(editor, 1);
    case "start":
      return 0;
    case "end":
      return parts.length;
    default: {
      const { lines, line } = layOut(editor, columns);
      const here = lines[line] ?? { start: 0, end: parts.length };
      return motion === "lineStart" ? here.start : here.end;
    }
  }
}

/** Sends the cursor where the motion leads, in lines of so many columns. */
export const move = (editor: TextEditor, motion: Motion, columns: number): TextEditor => ({
  ...editor,
  cursor: whereTo(editor, motion, columns),
});

/** Takes away what lies between the cursor and where the motion leads. */
export function erase(editor: TextEditor, motion: Motion, columns: number): TextEditor {
  const to = whereTo(editor, motion, columns);
  const [from, until] = [Math.min(to, editor.cursor), Math.max(to, editor.cursor)];
  const before = editor.parts.slice(0, from).join("");
  // Joined and cut anew: what now stands side by side may be one character.
  return insert({ parts: graphemes(editor.parts.slice(until).join("")), cursor: 0 }, before);
}

import stringWidth from "string-width";
import { graphemes, shorten, shown } from "../text/lines.js";

/** What a piece of text is. How that looks is `draw`'s alone. */
export type Style =
  | "plain"
  | "strong"
  | "quiet"
  | "differs"
  | "key"
  | "good"
  | "warning"
  | "selected"
  | "cursor";

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** One line of a screen, made safe to print already. */
export type Line = readonly Span[];

/** SGR codes (ECMA-48 8.3.117). Without colour every style but `good` can still be told. */
const LOOKS: Readonly<Record<Style, { readonly color: string; readonly plain: string }>> = {
  plain: { color: "", plain: "" },
  strong: { color: "1", plain: "1" },
  quiet: { color: "2", plain: "2" },
  differs: { color: "1;4;33", plain: "1;4" },
  key: { color: "1;36", plain: "1" },
  good: { color: "32", plain: "" },
  warning: { color: "1;33", plain: "1" },
  selected: { color: "7", plain: "7" },
  cursor: { color: "7", plain: "7" },
};

/** The line as a terminal takes it. An empty line is a space, for Ink gives empty text no row. */
export function draw(line: Line, color: boolean): string {
  const drawn = line.map(({ text, style = "plain" }) => {
    const codes = LOOKS[style][color ? "color" : "plain"];
    return codes === "" || text === "" ? text : `\u001b[${codes}m${text}\u001b[0m`;
  });
  return drawn.join("") || " ";
}

/** Columns that a text takes, as Ink measures them. */
export const columnsOf = (text: string): number => stringWidth(text);

/** Columns that a line takes. */
export const lineColumns = (line: Line): number => line.reduce((sum, { text }) => sum + columnsOf(text), 0);

/** The line's start that fits, with `…` as the last column where something is cut off. */
export function cut(line: Line, columns: number): Line {
  if (columns <= 0) return [];
  if (lineColumns(line) <= columns) return line;
  const kept: Span[] = [];
  let left = columns - 1;
  for (const span of line) {
    let text = "";
    for (const grapheme of graphemes(span.text)) {
      const width = columnsOf(grapheme);
      if (width > left) return [...kept, { ...span, text: `${text}…` }];
      left -= width;
      text += grapheme;
    }
    kept.push({ ...span, text });
  }
  return kept;
}

/** The line cut or filled with spaces to exactly these columns. */
export function fill(line: Line, columns: number): Line {
  const kept = cut(line, columns);
  const missing = columns - lineColumns(kept);
  return missing > 0 ? [...kept, { text: " ".repeat(missing) }] : kept;
}

/** One line with something at either end; the right one gives way to none, the left one is cut. */
export function apart(left: Line, right: Line, columns: number): Line {
  const end = cut(right, columns);
  if (left.length === 0) return end;
  const room = columns - lineColumns(end);
  return room < 8
    ? cut(left, columns)
    : [...fill(left, end.length === 0 ? room : room - 1), { text: end.length === 0 ? "" : " " }, ...end];
}

/** Text from outside as one safe span: no line breaks, nothing that drives a terminal. */
export const outside = (text: string, style?: Style): Span => ({
  text: shown(text),
  ...(style === undefined ? {} : { style }),
});

/** The file name made safe, and cut in its middle, so that its ending stays. */
export const middle = (text: string, columns: number): string => shorten(shown(text), columns, columnsOf);

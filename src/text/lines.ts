const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** Blocks that terminals draw two columns wide (Unicode UAX #11, East Asian Wide and Fullwidth, roughly). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const COLOUR = /\u001b\[\d+m/g;
/** Most text that is drawn; what is not plain costs tens of milliseconds of Unicode tables when it is met first. */
const PLAIN = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

/** The text in units that a person takes for one character. */
export function graphemes(text: string): string[] {
  if (PLAIN.test(text)) return text.split("");
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Text from outside (a file name, a caption) made safe to print on one line: control characters, line breaks and
 * marks that reorder text are spelled out, so that no name can drive a terminal or pose as something else.
 */
export const shown = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text.replace(HIDDEN, (mark) => {
        const code = mark.codePointAt(0) ?? 0;
        return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
      });

const graphemeWidth = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1);

/** Columns that a text takes on a terminal; the codes of `paint` take none. */
export function displayWidth(text: string): number {
  const bare = text.includes("\u001b") ? text.replace(COLOUR, "") : text;
  if (PLAIN.test(bare)) return bare.length;
  return graphemes(bare).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}

/** The first of the parts that fit. */
function taken(parts: readonly string[], columns: number, widthOf: (text: string) => number): string[] {
  let left = columns;
  const end = parts.findIndex((part) => {
    left -= widthOf(part);
    return left < 0;
  });
  return parts.slice(0, end === -1 ? parts.length : end);
}

/**
 * The text cut to `columns`, with `…` where its middle was taken out, so that a file name keeps its ending. `widthOf` tells the columns
 * of a text: Ink's measure is not ours.
 */
export function shorten(text: string, columns: number, widthOf = displayWidth): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 2) return columns === 1 ? "…" : "";
  const parts = graphemes(text);
  const tail = taken(parts.toReversed(), Math.floor((columns - 1) / 2), widthOf)
    .toReversed()
    .join("");
  return `${taken(parts, columns - 1 - widthOf(tail), widthOf).join("")}…${tail}`;
}

/** The text with spaces added up to `columns`. */
export function pad(text: string, columns: number, side: "left" | "right"): string {
  const spaces = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return side === "left" ? text + spaces : spaces + text;
}

/** Prose broken between words into lines of at most `columns` (and never over 100), each with the indent. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const room = Math.max(20, Math.min(columns, 100) - indent.length);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > room) {
        lines.push(indent + line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(indent + line);
  }
  return lines;
}

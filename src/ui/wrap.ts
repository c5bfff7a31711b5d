import { graphemes } from "../text/lines.js";
import { columnsOf, type Line, type Span } from "./cells.js";

/** Graphemes from `start` up to, not including, `end`. A space or line break at which a line ends belongs to none. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Breaks graphemes into lines of at most `columns`: at line breaks, else after words, else anywhere. Stops after `limit` lines, so
 * that a long text costs no more than what is seen of it. There is always at least one line.
 */
export function wrapGraphemes(
  parts: readonly string[],
  columns: number,
  limit = Number.POSITIVE_INFINITY,
): readonly Stretch[] {
  const lines: Stretch[] = [];
  let start = 0;
  let width = 0;
  let space = -1;
  let widthToSpace = 0;
  for (const [at, part] of parts.entries()) {
    if (lines.length >= limit) return lines;
    if (part === "\n") {
      lines.push({ start, end: at });
      [start, width, space] = [at + 1, 0, -1];
      continue;
    }
    const own = columnsOf(part);
    if (width + own > columns && at > start) {
      if (part === " ") {
        lines.push({ start, end: at });
        [start, width, space] = [at + 1, 0, -1];
        continue;
      }
      if (space >= start) {
        lines.push({ start, end: space });
        [start, width, space] = [space + 1, width - widthToSpace, -1];
      }
      // A long word of which only the end is too much, now that it has a line of its own.
      if (width + own > columns && at > start) {
        lines.push({ start, end: at });
        [start, width, space] = [at, 0, -1];
      }
    }
    width += own;
    if (part === " ") [space, widthToSpace] = [at, width];
  }
  if (lines.length < limit) lines.push({ start, end: parts.length });
  return lines;
}

/** Styled text as lines of at most `columns`; where more than `limit` are needed, the last one ends with `…`. */
export function wrapSpans(spans: Line, columns: number, limit = Number.POSITIVE_INFINITY): readonly Line[] {
  const parts: string[] = [];
  const styles: Span["style"][] = [];
  // What can be seen is all that is looked at; combining marks are within their grapheme.
  const enough = (Math.max(1, columns) + 1) * (limit + 1);
  for (const { text, style } of spans) {
    for (const part of graphemes(text)) {
      parts.push(part);
      styles.push(style);
    }
    if (parts.length > enough) break;
  }
  const room = Math.max(2, columns);
  const lines = wrapGraphemes(parts, room, limit + 1);
  const drawn = lines.slice(0, limit).map(({ start, end }, index) => {
    const isCut = index === limit - 1 && lines.length > limit;
    const kept = isCut && columnsOf(parts.slice(start, end).join("")) >= room ? end - 1 : end;
    const line = joined(parts.slice(start, kept), styles.slice(start, kept));
    return isCut ? [...line, { text: "…", style: "quiet" as const }] : line;
  });
  return drawn;
}

function joined(parts: readonly string[], styles: readonly Span["style"][]): Line {
  const spans: { text: string; style?: NonNullable<Span["style"]> }[] = [];
  for (const [index, text] of parts.entries()) {
    const style = styles[index];
    const last = spans.at(-1);
    if (last !== undefined && last.style === style) last.text += text;
    else spans.push(style === undefined ? { text } : { text, style });
  }
  return spans;
}

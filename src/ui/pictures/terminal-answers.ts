import type { PixelSize } from "../../ports/preview-decoder.js";
import type { Cell } from "./picture-mode.js";

/** What a terminal said of itself. */
export interface TerminalAnswers {
  /** Name and version as XTVERSION gives them, `foot(1.16.2)`; empty where it gave none. */
  readonly name: string;
  /** Whether the primary device attributes list sixel graphics (4). */
  readonly hasSixel: boolean;
  readonly cell: Cell | null;
}

/** A terminal that was not asked, or did not answer. */
export const NO_ANSWERS: TerminalAnswers = { name: "", hasSixel: false, cell: null };

/**
 * The questions: name and version (XTVERSION), the size of a cell in pixels, and last the primary device attributes, which
 * every terminal answers, so that their answer ends the waiting. All of them are CSI sequences, of which a terminal that does not know
 * them shows nothing. Source: xterm's control sequences (ctlseqs), `CSI > Ps q`, `CSI 16 t`, `CSI c`.
 */
export const QUESTIONS = "\u001b[>q\u001b[16t\u001b[c";

/** What xterm is asked besides: how large sixel graphics can be, for by its defaults it does not tell a cell (`XTSMGRAPHICS`). */
export const XTERM_QUESTIONS = "\u001b[?2;1;0S\u001b[c";

const ANSWER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with the escape character
  /\u001bP>\|([^\u001b\u0007]*)(?:\u001b\\|\u0007)|\u001b\[6;(\d+);(\d+)t|\u001b\[\?2;0;(\d+);(\d+)S|\u001b\[\?([\d;]*)c/g;

/** Beyond these the numbers are no cell. */
const LARGEST_CELL_PX = 256;
const SIXEL_ATTRIBUTE = "4";

/** Answers among what came in, and what else came: keys that a person pressed meanwhile. */
export interface ReadAnswers {
  readonly answers: TerminalAnswers;
  /** The answer to `XTERM_QUESTIONS`; null where there is none. */
  readonly sixelArea: PixelSize | null;
  /** Whether the last answer is there: nothing more will come. */
  readonly isComplete: boolean;
  readonly rest: string;
}

/** Reads a terminal's answers from what it sent so far, as Latin-1 text: whatever bytes there are survive in `rest`. */
export function readAnswers(received: string): ReadAnswers {
  let answers = NO_ANSWERS;
  let sixelArea: PixelSize | null = null;
  let isComplete = false;
  let rest = "";
  let at = 0;
  for (const match of received.matchAll(ANSWER)) {
    const [whole, name, cellHeight, cellWidth, areaWidth, areaHeight, attributes] = match;
    rest += received.slice(at, match.index);
    at = match.index + whole.length;
    if (name !== undefined) answers = { ...answers, name };
    else if (cellHeight !== undefined) {
      answers = { ...answers, cell: cellOf(Number(cellWidth), Number(cellHeight)) };
    } else if (areaWidth !== undefined) sixelArea = { width: Number(areaWidth), height: Number(areaHeight) };
    else {
      const hasSixel = (attributes ?? "").split(";").slice(1).includes(SIXEL_ATTRIBUTE);
      answers = { ...answers, hasSixel };
      isComplete = true;
    }
  }
  return { answers, sixelArea, isComplete, rest: rest + received.slice(at) };
}

const cellOf = (widthPx: number, heightPx: number): Cell | null =>
  widthPx > 0 && heightPx > 0 && Math.max(widthPx, heightPx) <= LARGEST_CELL_PX
    ? { widthPx, heightPx }
    : null;

/** xterm's largest sixel picture is as large as its window, but no larger than this on a side. */
const XTERM_LIMIT_PX = 1000;

/**
 * The size of xterm's cell by its largest sixel picture. Where the limit hides the width, it is taken for half of the height; where it hides
 * the height, nobody knows.
 */
export function xtermCell({ width, height }: PixelSize, columns: number, rows: number): Cell | null {
  const heightPx = height / rows;
  if (height >= XTERM_LIMIT_PX || !Number.isInteger(heightPx)) return null;
  const widthPx = width / columns;
  return cellOf(Number.isInteger(widthPx) ? widthPx : Math.floor(heightPx / 2), heightPx);
}

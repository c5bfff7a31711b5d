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

// biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with the escape character
const ANSWER = /\u001bP>\|([^\u001b\u0007]*)(?:\u001b\\|\u0007)|\u001b\[6;(\d+);(\d+)t|\u001b\[\?([\d;]*)c/g;

/** Beyond these the numbers are no cell. */
const LARGEST_CELL_PX = 256;
const SIXEL_ATTRIBUTE = "4";

/** Answers among what came in, and what else came: keys that a person pressed meanwhile. */
export interface ReadAnswers {
  readonly answers: TerminalAnswers;
  /** Whether the last answer is there: nothing more will come. */
  readonly isComplete: boolean;
  readonly rest: string;
}

/** Reads a terminal's answers to `QUESTIONS` from what it sent so far, as Latin-1 text: whatever bytes there are survive. */
export function readAnswers(received: string): ReadAnswers {
  let answers = NO_ANSWERS;
  let isComplete = false;
  const rest = received.replace(
    ANSWER,
    (_, name?: string, heightPx?: string, widthPx?: string, attributes?: string) => {
      const [width, height] = [Number(widthPx), Number(heightPx)];
      if (name !== undefined) answers = { ...answers, name };
      else if (attributes !== undefined) {
        answers = { ...answers, hasSixel: attributes.split(";").slice(1).includes(SIXEL_ATTRIBUTE) };
        isComplete = true;
      } else if (width > 0 && height > 0 && width <= LARGEST_CELL_PX && height <= LARGEST_CELL_PX) {
        answers = { ...answers, cell: { widthPx: width, heightPx: height } };
      }
      return "";
    },
  );
  return { answers, isComplete, rest };
}

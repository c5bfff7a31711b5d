import type { Readable } from "node:stream";
import {
  NO_ANSWERS,
  QUESTIONS,
  type ReadAnswers,
  readAnswers,
  type TerminalAnswers,
  XTERM_QUESTIONS,
  xtermCell,
} from "./terminal-answers.js";

/** A terminal's keyboard, as `process.stdin` is one. */
export type TerminalInput = Readable & {
  readonly isTTY?: boolean;
  readonly isRaw?: boolean;
  setRawMode?(raw: boolean): unknown;
  ref?(): unknown;
  unref?(): unknown;
};

/** A terminal far away answers within this; one that does not answer at all delays the start once by as much. */
const PATIENCE_MS = 400;

/** Its screen, as `process.stderr` is one. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/**
 * Asks a terminal what it can show. Gives `NO_ANSWERS` where there is none, or none comes within `patienceMs`. Keys pressed
 * meanwhile are put back for the next reader; the input is left raw only if it was, and keeps no process alive. To be called before
 * anything else reads the input.
 */
export async function askTerminal(
  input: TerminalInput,
  output: TerminalOutput,
  patienceMs = PATIENCE_MS,
): Promise<TerminalAnswers> {
  const { setRawMode } = input;
  if (input.isTTY !== true || output.isTTY !== true || setRawMode === undefined) return NO_ANSWERS;
  const wasRaw = input.isRaw === true;
  setRawMode.call(input, true);
  input.ref?.();
  const { answers, rest } = await asked(QUESTIONS, input, output, patienceMs);
  let keys = rest;
  let { cell } = answers;
  if (cell === null && answers.hasSixel && /^XTerm\b/i.test(answers.name)) {
    const further = await asked(XTERM_QUESTIONS, input, output, patienceMs);
    keys += further.rest;
    if (further.sixelArea !== null)
      cell = xtermCell(further.sixelArea, output.columns ?? 0, output.rows ?? 0);
  }
  input.unref?.();
  setRawMode.call(input, wasRaw);
  if (keys !== "") input.unshift(Buffer.from(keys, "latin1"));
  return { ...answers, cell };
}

function asked(
  questions: string,
  input: TerminalInput,
  output: TerminalOutput,
  patienceMs: number,
): Promise<ReadAnswers> {
  return new Promise((resolve) => {
    let text = "";
    const end = () => {
      clearTimeout(timer);
      input.off("readable", take);
      resolve(readAnswers(text));
    };
    const timer = setTimeout(end, patienceMs);
    // Not by `data`: a terminal that was made to flow and paused again wakes no later listener to `readable`, such as Ink's.
    const take = () => {
      for (let chunk: unknown = input.read(); chunk !== null; chunk = input.read()) {
        text += Buffer.isBuffer(chunk)
          ? chunk.toString("latin1")
          : Buffer.from(String(chunk)).toString("latin1");
      }
      if (readAnswers(text).isComplete) end();
    };
    input.on("readable", take);
    output.write(questions);
  });
}

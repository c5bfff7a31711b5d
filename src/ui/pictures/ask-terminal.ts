import type { Readable, Writable } from "node:stream";
import { NO_ANSWERS, QUESTIONS, readAnswers, type TerminalAnswers } from "./terminal-answers.js";

/** A terminal's keyboard, as `process.stdin` is one. */
export type TerminalInput = Readable & {
  readonly isTTY?: boolean;
  readonly isRaw?: boolean;
  setRawMode?(raw: boolean): unknown;
};

/** A terminal far away answers within this; one that does not answer at all delays the start once by as much. */
const PATIENCE_MS = 400;

/**
 * Asks a terminal what it can show. Gives `NO_ANSWERS` where there is none, or none comes within `patienceMs`. Keys pressed
 * meanwhile are put back for the next reader; the input is left paused, and raw only if it was. To be called before anything else
 * reads the input.
 */
export async function askTerminal(
  input: TerminalInput,
  output: Writable & { readonly isTTY?: boolean },
  patienceMs = PATIENCE_MS,
): Promise<TerminalAnswers> {
  const { setRawMode } = input;
  if (input.isTTY !== true || output.isTTY !== true || setRawMode === undefined) return NO_ANSWERS;
  const wasRaw = input.isRaw === true;
  setRawMode.call(input, true);
  const received = await new Promise<string>((resolve) => {
    let text = "";
    const end = () => {
      clearTimeout(timer);
      input.off("data", take);
      resolve(text);
    };
    const timer = setTimeout(end, patienceMs);
    const take = (chunk: Buffer | string) => {
      text += typeof chunk === "string" ? chunk : chunk.toString("latin1");
      if (readAnswers(text).isComplete) end();
    };
    input.on("data", take);
    output.write(QUESTIONS);
  });
  input.pause();
  setRawMode.call(input, wasRaw);
  const { answers, rest } = readAnswers(received);
  if (rest !== "") input.unshift(Buffer.from(rest, "latin1"));
  return answers;
}

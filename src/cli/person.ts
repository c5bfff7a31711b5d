import { createInterface, type Interface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import { cancelled, throwIfAborted, untilAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type { Person, Question } from "../services/sign-in/way.js";
import { displayWidth, wrap } from "../text/lines.js";
import { type BrowserSettings, openBrowser } from "./open-browser.js";
import type { OutputStream } from "./terminal.js";

/** How the person at the terminal is reached. */
export interface PersonSettings extends BrowserSettings {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stderr: OutputStream;
  /** `--no-input`: never ask anything. */
  readonly noInput: boolean;
  /** Hears of Ctrl-C while a question stands: in a terminal that is read letter by letter, it is no signal. */
  readonly onInterrupt: () => void;
}

/**
 * The person at the terminal. Questions and remarks go to standard error, so that results stay alone on standard output; hidden
 * answers are not shown, and nothing of an answer is kept in a history. Without a terminal, with `CI` set and under `--no-input` nobody can be asked.
 */
export function personAt(settings: PersonSettings): Person {
  const { env, stdin, stderr, noInput } = settings;
  const isTerminal = stdin.isTTY === true && stderr.isTTY === true;
  const canAsk = isTerminal && !noInput && !env["CI"];
  let piped: AsyncGenerator<string, void, void> | null = null;
  return {
    tell: (lines) => {
      stderr.write(`${lines.flatMap((line) => fitting(line, stderr)).join("\n")}\n`);
    },
    open: (address) => openBrowser(address, settings),
    ask: canAsk ? async (question, call) => (await typed(settings, question, call)) ?? "" : null,
    async paste(question, call) {
      if (canAsk) return typed(settings, question, call);
      if (noInput || isTerminal) return null;
      piped ??= untilAborted(createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY }), call);
      const next = await piped.next();
      return next.done === true ? null : next.value.trim();
    },
  };
}

/** A line that is wider than the terminal, broken between words. */
const fitting = (line: string, { columns }: OutputStream): readonly string[] =>
  columns === undefined || displayWidth(line) <= columns
    ? [line]
    : wrap(line.trimStart(), columns, /^ */.exec(line)?.[0]);

/** What is typed up to the end of the line; null at the end of the input. */
function typed(
  { stdin, stderr, onInterrupt }: PersonSettings,
  { label, hidden }: Question,
  call: Call,
): Promise<string | null> {
  throwIfAborted(call);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader: Interface = createInterface({
    input: stdin,
    output: hidden ? nothing : stderr,
    terminal: true,
    historySize: 0,
  });
  // Only now, when the terminal no longer shows by itself what is typed: whoever answers at once is not seen either.
  if (hidden) stderr.write(`${label} (not shown): `);
  else {
    // The reader has to know what stands before the answer: it draws the line anew when a long answer wraps.
    reader.setPrompt(`${label}: `);
    reader.prompt();
  }
  return new Promise<string | null>((resolve, reject) => {
    const end = (settle: () => void) => {
      settle();
      call.signal.removeEventListener("abort", onAbort);
      // Its own listeners stay on it: one of them takes it off the terminal, where it would go on showing what is typed.
      reader.close();
      if (hidden) stderr.write("\n");
    };
    const onAbort = () => end(() => reject(cancelled(call)));
    call.signal.addEventListener("abort", onAbort, { once: true });
    reader.on("SIGINT", onInterrupt);
    reader.once("line", (line) => end(() => resolve(line.trim())));
    // Settled already where `end` closed it.
    reader.once("close", () => resolve(null));
  });
}

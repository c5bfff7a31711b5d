import { exitCodeOf } from "./exit-codes.js";

/** What asks a program to end: Ctrl-C, another program, a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The part of `process` that tells of signals; a test gives another. */
export interface SignalSource {
  on(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
  off(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
}

/** Signals that are listened to. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the signals back to their default, so that Ctrl-C ends the process again. */
  release(): void;
}

/**
 * Turns the first Ctrl-C (or SIGTERM, or SIGHUP) into an abort, so that the current step settles and what is finished is kept;
 * the second one calls `exit` with 130 at once, which is safe too: every write is atomic.
 */
export function onInterrupt(
  source: SignalSource,
  say: (line: string) => void,
  exit: (code: number) => void,
): Interruption {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) return exit(exitCodeOf("cancelled"));
    say("Finishing the current step; press Ctrl-C again to stop at once.");
    controller.abort();
  };
  for (const name of SIGNALS) source.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) source.off(name, listener);
    },
  };
}

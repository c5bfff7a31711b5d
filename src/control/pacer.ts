import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";

/**
 * Long loops here do their small reads and writes synchronously, several times faster than a trip through the thread
 * pool each. Calling the returned function once a turn lets Ctrl-C, timers and progress through, and ends the
 * loop with `cancelled` after an abort. Without a call it only lets others through.
 */
export function createPacer(call: Call | null): () => Promise<void> | undefined {
  let turns = 0;
  return () => {
    turns++;
    if (turns % 256 !== 0) return undefined;
    return breathe(call);
  };
}

/** Lets Ctrl-C, timers and progress through, and throws `cancelled` after an abort. */
export async function breathe(call: Call | null): Promise<void> {
  if (call !== null) throwIfAborted(call);
  await setImmediate();
}

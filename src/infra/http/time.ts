import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "../../ports/call.js";
import { cancelled, throwIfAborted } from "../until-aborted.js";

/** Time as the network code needs it, given in so that tests can turn it. */
export interface Time {
  /** Milliseconds by a clock that never jumps; only differences mean anything. */
  elapsedMs(): number;
  /** Milliseconds since 1970, as the computer's clock shows them. */
  nowMs(): number;
  /** Resolves after so many milliseconds; an abort ends it at once with `cancelled`. */
  sleep(ms: number, call: Call): Promise<void>;
}

/** The longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The computer's own time. */
export const systemTime: Time = {
  elapsedMs: () => performance.now(),
  nowMs: () => Date.now(),
  async sleep(ms, call) {
    throwIfAborted(call);
    try {
      await pause(Math.min(Math.max(0, ms), LONGEST_TIMER_MS), undefined, { signal: call.signal });
    } catch {
      throw cancelled(call);
    }
  },
};

/** A point in time as RFC 3339 in UTC with seconds, rounded up: waiting until then is never too short. */
export const timestamp = (ms: number): string =>
  `${new Date(Math.ceil(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;

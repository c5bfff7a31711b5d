/** The emulator's time, in milliseconds since 1970: every expiry is judged by it. */
export interface EmulatorClock {
  nowMs(): number;
}

/** The computer's time, for a person who tries photosync against the emulator. */
export const wallClock: EmulatorClock = { nowMs: () => Date.now() };

/** A clock that only a test moves. */
export function manualClock(start = "2026-11-21T10:00:00Z"): EmulatorClock & { advance(ms: number): void } {
  let nowMs = Date.parse(start);
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

/** RFC 3339 in UTC, to the second, as Google's replies spell times. */
export const rfc3339 = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

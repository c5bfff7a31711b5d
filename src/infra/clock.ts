import type { Clock } from "../ports/phase.js";

/** The last second of the year 9999: RFC 3339 has four digits for the year. */
const LAST_EPOCH_SECOND = 253_402_300_799;

const toSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** The computer's clock, to the second. */
export const systemClock: Clock = { now: () => toSeconds(new Date()) };

/**
 * A clock that stands still at `SOURCE_DATE_EPOCH` where the environment sets it, so that a run can be repeated byte for
 * byte; else the computer's clock. The variable holds whole seconds since 1970 in decimal
 * (https://reproducible-builds.org/specs/source-date-epoch/); anything else in it is ignored.
 */
export function clockFrom(env: { readonly SOURCE_DATE_EPOCH?: string | undefined }): Clock {
  const text = env.SOURCE_DATE_EPOCH ?? "";
  if (!/^\d{1,12}$/.test(text) || Number(text) > LAST_EPOCH_SECOND) return systemClock;
  const fixed = toSeconds(new Date(Number(text) * 1000));
  return { now: () => fixed };
}

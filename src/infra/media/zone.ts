import { type LocalDate, parseTakenDate } from "../../domain/taken-date.js";

const MINUTE_MS = 60_000;
const QUARTER_HOUR_MS = 15 * MINUTE_MS;
/** A receiver's fix is up to about a minute older than the picture, seldom younger. */
const FIX_TOLERANCE_MS = 90_000;
const WIDEST_EAST = 14 * 60;
const WIDEST_WEST = -12 * 60;
/** Offsets since 1970 that are no whole hours, in minutes (IANA time zone database). */
const BROKEN_HOURS = new Set([-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 690, 765, 825]);

/** `+05:30` for 330. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/**
 * The zone of a wall clock beside an instant that was taken at nearly the same moment: their difference, when it is an
 * offset that is or was in use. Null when it is not, so that a wrong clock or an old position fix gives no zone.
 */
export function zoneBetween(wallClock: LocalDate, instant: LocalDate): string | null {
  const local = parseTakenDate(wallClock);
  const utc = parseTakenDate(instant);
  if (local === null || utc === null || utc.offsetMinutes === null) return null;
  const gap = local.wallClockMs - (utc.wallClockMs - utc.offsetMinutes * MINUTE_MS);
  const rounded = Math.round(gap / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  const minutes = rounded / MINUTE_MS;
  if (Math.abs(gap - rounded) > FIX_TOLERANCE_MS || minutes > WIDEST_EAST || minutes < WIDEST_WEST)
    return null;
  return minutes % 60 === 0 || BROKEN_HOURS.has(minutes) ? offsetText(minutes) : null;
}

/** True when two dates show the same wall clock to the second, whatever their zones. */
export function sameClock(left: LocalDate, right: LocalDate): boolean {
  return left.slice(0, 19) === right.slice(0, 19);
}

/** The zone that stands at the end of a date, or undefined. `Z` counts: it is an instant. */
export const zoneIn = (date: LocalDate): string | undefined => /(Z|[+-]\d{2}:\d{2})$/.exec(date)?.[1];

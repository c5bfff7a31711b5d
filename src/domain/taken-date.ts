/**
 * When a photo was taken, in the one text form that documents carry:
 * `2024-01-15T10:30:00` (a wall clock whose zone nobody recorded),
 * `2024-01-15T10:30:00-08:00` (wall clock and zone), or
 * `2024-01-15T18:30:00Z` (an instant whose local zone is unknown). Sub-seconds are kept as given.
 */
export type LocalDate = string;

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;
const QUARTER_HOUR_MS = 15 * 60_000;
const WIDEST_ZONE_MS = 14 * 3_600_000;

export interface TakenDateParts {
  /** The clock fields read as if they were UTC, in milliseconds since 1970: only for comparing wall clocks. */
  readonly wallClockMs: number;
  /** Minutes east of UTC, `0` for an instant in `Z`, `null` where no zone is known. */
  readonly offsetMinutes: number | null;
  /** True when the text is an instant in UTC that says nothing of the local zone. */
  readonly instantOnly: boolean;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * The parts of a taken date, or `null` where the text is not one (wrong form, year 0, month 13, 30 February, hour 24,
 * a zone beyond 15 hours). A second 60 is a leap second: the same moment as the first of the next minute.
 */
export function parseTakenDate(text: string): TakenDateParts | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 60) return null;
  const zone = match[8];
  let offsetMinutes: number | null = null;
  if (zone === "Z") offsetMinutes = 0;
  else if (zone !== undefined) {
    const pastHour = Number(zone.slice(4, 6));
    const minutes = Number(zone.slice(1, 3)) * 60 + pastHour;
    if (pastHour > 59 || minutes > 15 * 60) return null;
    offsetMinutes = zone.startsWith("-") && minutes > 0 ? -minutes : minutes;
  }
  const fractionMs = match[7] === undefined ? 0 : Number(match[7].slice(1, 4).padEnd(3, "0"));
  const wallClockMs =
    daysSinceEpoch(year, month, day) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs;
  return { wallClockMs, offsetMinutes, instantOnly: zone === "Z" };
}

/** The folder of a month, `2024/01`, or `undated`. Takes the wall clock as written, never a converted one. */
export function monthFolder(takenDate: LocalDate | null): string {
  if (takenDate === null || parseTakenDate(takenDate) === null) return "undated";
  return `${takenDate.slice(0, 4)}/${takenDate.slice(5, 7)}`;
}

/** How two dates of one photo stand to each other. */
export type DateAgreement =
  /** The same moment as far as both tell. */
  | "same"
  /** They differ by exactly what a time zone can make, and at least one side does not know its zone. */
  | "zone-doubt"
  | "different";

/**
 * Compares two taken dates to the second. A clock without zone and an instant agree up to zone doubt when they
 * lie a whole number of quarter hours, at most 14 hours, apart: every zone in use since 1972 is such a step (IANA
 * time zone database).
 */
export function compareTakenDates(left: LocalDate, right: LocalDate): DateAgreement {
  const a = parseTakenDate(left);
  const b = parseTakenDate(right);
  if (a === null || b === null) return left === right ? "same" : "different";
  const floorSecond = (ms: number) => Math.floor(ms / 1000) * 1000;
  if (a.offsetMinutes !== null && b.offsetMinutes !== null) {
    const gap =
      floorSecond(a.wallClockMs) -
      a.offsetMinutes * 60_000 -
      (floorSecond(b.wallClockMs) - b.offsetMinutes * 60_000);
    return gap === 0 ? "same" : "different";
  }
  const gap = Math.abs(floorSecond(a.wallClockMs) - floorSecond(b.wallClockMs));
  if (a.offsetMinutes === null && b.offsetMinutes === null) return gap === 0 ? "same" : "different";
  const oneSideIsInstant = a.instantOnly || b.instantOnly;
  if (!oneSideIsInstant) return gap === 0 ? "same" : "different";
  return gap <= WIDEST_ZONE_MS && gap % QUARTER_HOUR_MS === 0 ? "zone-doubt" : "different";
}

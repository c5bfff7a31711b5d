import { isOnlyDay } from "../identity/capture-time.js";
import { byCodeUnit } from "../same-json.js";
import { compareTakenDates, parseTakenDate } from "../taken-date.js";
import type { Statement, ValueRule } from "./value-rule.js";

const DAY_MS = 86_400_000;

function datesOf(statements: readonly Statement[]): readonly string[] | null {
  const dates = new Set<string>();
  for (const { value } of statements) {
    if (typeof value !== "string" || parseTakenDate(value) === null) return null;
    dates.add(value);
  }
  return [...dates].sort(byCodeUnit);
}

/** How much a date tells: a wall clock with its zone, a wall clock, an instant; then digits of the fraction. */
function detail(date: string): number {
  const zone = /T.*[+-]\d{2}:\d{2}$/.test(date) ? 2 : date.endsWith("Z") ? 0 : 1;
  const fraction = /\.(\d+)/.exec(date)?.[1] ?? "";
  return 100 * zone + fraction.replace(/0+$/, "").length;
}

const fullest = (dates: readonly string[]): string | null =>
  dates.toSorted((a, b) => detail(b) - detail(a) || byCodeUnit(a, b))[0] ?? null;

const areOne = (dates: readonly string[]): boolean =>
  dates.every((a) => dates.every((b) => compareTakenDates(a, b) !== "different"));

const sameInstant: ValueRule = {
  name: "same_instant",
  description:
    "Dates of one moment, zone doubt included, are one; the one that knows the zone and the fraction stays.",
  fields: ["taken_date"],
  choose: (statements) => {
    const dates = datesOf(statements);
    return dates !== null && areOne(dates) ? fullest(dates) : null;
  },
};

/** True where a day, written as midnight, is the day of the moment, or the next to it by a time zone. */
function isDayOf(day: string, moment: string): boolean {
  const [a, b] = [parseTakenDate(day), parseTakenDate(moment)];
  if (a === null || b === null) return false;
  const days = (ms: number) => Math.floor(ms / DAY_MS);
  const gap = Math.abs(days(a.wallClockMs) - days(b.wallClockMs));
  return gap === 0 || (gap === 1 && (a.instantOnly || b.instantOnly));
}

const isMidnight = (date: string): boolean => /T00:00:00/.test(date) && isOnlyDay(date);

const onlyDay: ValueRule = {
  name: "only_day",
  description: "A date without a time yields to a full one of that day.",
  fields: ["taken_date"],
  choose: (statements) => {
    const dates = datesOf(statements);
    if (dates === null) return null;
    const full = dates.filter((date) => !isMidnight(date));
    const moment = fullest(full);
    if (moment === null || full.length === dates.length || !areOne(full)) return null;
    return dates.filter(isMidnight).every((day) => isDayOf(day, moment)) ? moment : null;
  },
};

const scanDate: ValueRule = {
  name: "scan_date",
  description:
    "The day on which a print was scanned yields to an earlier date that somebody gave the picture.",
  fields: ["taken_date"],
  choose: (statements) => {
    const given = datesOf(statements.filter((one) => one.isOfScan !== true));
    const scanned = datesOf(statements.filter((one) => one.isOfScan === true));
    if (given === null || scanned === null || given.length === 0 || scanned.length === 0) return null;
    const clock = (date: string) => parseTakenDate(date)?.wallClockMs ?? 0;
    const isEarlier = Math.max(...given.map(clock)) + DAY_MS < Math.min(...scanned.map(clock));
    return isEarlier && areOne(given) ? fullest(given) : null;
  },
};

/** Rules for the date of capture. Dates a whole number of hours apart with both zones known are a question. */
export const dateRules: readonly ValueRule[] = [sameInstant, onlyDay, scanDate];

import { lastDay } from "./day.js";

const DAY_MS = 86_400_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
const DAY_FORM = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/;
const SPAN = /^(\d{1,5})\s*(h|hours?|d|days?|w|weeks?|months?|y|years?)(?:\s+ago)?$/;

/** The forms that `parseWhen` knows, for messages and help. */
export const WHEN_FORMS =
  "today, yesterday, last-week, last-month, last-year, 3d, 2 weeks, 3 days ago, 2024, 2024-01, 2024-01-15, 2024-01-15T10:30:00Z";

const toInstant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Same clock some calendar months earlier; where that month is shorter, its last day. */
function monthsBefore(nowMs: number, months: number): number {
  const now = new Date(nowMs);
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  const day = Math.min(now.getUTCDate(), lastDay(first.getUTCFullYear(), first.getUTCMonth() + 1));
  return first.getTime() + (day - 1) * DAY_MS + (nowMs % DAY_MS);
}

function spanBefore(nowMs: number, count: number, unit: string): number {
  if (unit.startsWith("h")) return nowMs - (count * DAY_MS) / 24;
  if (unit.startsWith("d")) return nowMs - count * DAY_MS;
  if (unit.startsWith("w")) return nowMs - count * 7 * DAY_MS;
  return monthsBefore(nowMs, unit.startsWith("m") ? count : count * 12);
}

function calendarStart(text: string): number | null {
  const match = DAY_FORM.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay(year, month)) return null;
  return Date.parse(`${match[1]}-${match[2] ?? "01"}-${match[3] ?? "01"}T00:00:00Z`);
}

function startMs(text: string, nowMs: number): number | null {
  const midnight = nowMs - (nowMs % DAY_MS);
  switch (text) {
    case "today":
      return midnight;
    case "yesterday":
      return midnight - DAY_MS;
    case "last-week":
      return nowMs - 7 * DAY_MS;
    case "last-month":
      return monthsBefore(nowMs, 1);
    case "last-year":
      return monthsBefore(nowMs, 12);
  }
  const span = SPAN.exec(text);
  if (span !== null) return spanBefore(nowMs, Number(span[1]), span[2] ?? "");
  return calendarStart(text);
}

/**
 * The RFC 3339 instant in UTC that a person means by `--since`, seen from `now` (also RFC 3339), or null when the text
 * is none of `WHEN_FORMS`. Days begin at midnight UTC; `last-week` is seven days, `last-month` a calendar month ago.
 */
export function parseWhen(text: string, now: string): string | null {
  const words = text.trim().replace(/^last (week|month|year)$/i, "last-$1");
  let ms: number | null;
  if (INSTANT.test(words)) {
    ms = calendarStart(words.slice(0, 10)) === null ? null : Date.parse(words);
  } else ms = startMs(words.toLowerCase(), Date.parse(now));
  if (ms === null || Number.isNaN(ms) || Math.abs(ms) > 8.64e15) return null;
  const instant = toInstant(ms);
  return /^\d{4}-/.test(instant) ? instant : null;
}

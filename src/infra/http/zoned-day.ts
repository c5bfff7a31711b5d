const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Parts {
  readonly day: string;
  readonly timeOfDayMs: number;
}

function partsOf(ms: number, zone: string): Parts {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const seconds = Number(part["hour"]) * 3600 + Number(part["minute"]) * 60 + Number(part["second"]);
  return { day: `${part["year"]}-${part["month"]}-${part["day"]}`, timeOfDayMs: seconds * 1000 };
}

/** The calendar day (`2026-11-21`) in a time zone at a point in time. */
export const zonedDay = (ms: number, zone: string): string => partsOf(ms, zone).day;

/** The next beginning of a day in a time zone, milliseconds since 1970; right on days of 23 and 25 hours, too. */
export function nextMidnightMs(ms: number, zone: string): number {
  const second = Math.floor(ms / 1000) * 1000;
  const guess = second + DAY_MS - partsOf(second, zone).timeOfDayMs;
  const { timeOfDayMs } = partsOf(guess, zone);
  if (timeOfDayMs === 0) return guess;
  return timeOfDayMs <= 2 * HOUR_MS ? guess - timeOfDayMs : guess + DAY_MS - timeOfDayMs;
}

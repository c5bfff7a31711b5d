import { type LocalDate, parseTakenDate } from "../taken-date.js";

/** How the times of two captures stand to each other. */
export type TimeRelation =
  /** One moment to a fraction of a second that both state. */
  | "moment"
  /** One second; at least one side states no fraction. */
  | "second"
  /** One second, were it not for a whole number of quarter hours that an unknown zone, or a zone put wrong, can make. */
  | "zone"
  /** Less than ten seconds lie between: frames of a burst, twins, brackets. */
  | "close"
  | "apart"
  /** One side has no time, only a day, or a clock that nobody had set. */
  | "unknown";

export interface TimeAgreement {
  readonly relation: TimeRelation;
  /** True where both state the fraction of the second, and it is the same; false where it differs; null where they cannot tell. */
  readonly sameFraction: boolean | null;
}

const QUARTER_HOUR_S = 900;
const WIDEST_SHIFT_S = 14 * 3600;
const CLOSE_S = 10;

/**
 * True where the text is no capture time: it cannot be read, states midnight to the second, which is how a date without a
 * time is written, or a day on which cameras' clocks start (1970, 1980 and 2000-01-01 and their like).
 */
export function isOnlyDay(date: LocalDate): boolean {
  const parts = parseTakenDate(date);
  if (parts === null || /T00:00:00(\.0*)?(Z|[+-]\d{2}:\d{2})?$/.test(date)) return true;
  return /^(19[0-9]0|2000|2001)-01-01T/.test(date);
}

/** Digits of the second's fraction; a fraction of zeros says nothing, for many cameras always write it. */
function fractionOf(date: LocalDate): string {
  const digits = /\.(\d+)/.exec(date)?.[1] ?? "";
  return /^0*$/.test(digits) ? "" : digits;
}

/** A tenth of a second can tell two frames apart and cannot make them one: fast bursts take several in it. */
function sameFraction(a: LocalDate, b: LocalDate): boolean | null {
  const [left, right] = [fractionOf(a), fractionOf(b)];
  const digits = Math.min(left.length, right.length, 3);
  if (digits === 0) return null;
  if (left.slice(0, digits) !== right.slice(0, digits)) return false;
  return digits === 1 ? null : true;
}

/** Compares two capture times to the fraction of a second that both state. Symmetric. */
export function compareCaptureTimes(a: LocalDate | undefined, b: LocalDate | undefined): TimeAgreement {
  const unknown: TimeAgreement = { relation: "unknown", sameFraction: null };
  if (a === undefined || b === undefined || isOnlyDay(a) || isOnlyDay(b)) return unknown;
  const [left, right] = [parseTakenDate(a), parseTakenDate(b)];
  if (left === null || right === null) return unknown;
  const bothZones = left.offsetMinutes !== null && right.offsetMinutes !== null;
  const seconds = (parts: typeof left) =>
    Math.floor(parts.wallClockMs / 1000) - (bothZones ? (parts.offsetMinutes ?? 0) * 60 : 0);
  const gap = Math.abs(seconds(left) - seconds(right));
  const fraction = sameFraction(a, b);
  if (gap === 0) {
    if (fraction === false) return { relation: "close", sameFraction: false };
    return { relation: fraction === true ? "moment" : "second", sameFraction: fraction };
  }
  if (gap < CLOSE_S) return { relation: "close", sameFraction: fraction };
  const isShift = gap <= WIDEST_SHIFT_S && gap % QUARTER_HOUR_S === 0 && fraction !== false;
  return { relation: isShift ? "zone" : "apart", sameFraction: fraction };
}

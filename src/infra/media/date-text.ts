import { type LocalDate, parseTakenDate } from "../../domain/taken-date.js";

/** A date as some format wrote it, in the document's form. */
export interface ReadDate {
  readonly date: LocalDate;
  /** True where only the day is known and midnight stands in for the time. */
  readonly isDayOnly: boolean;
}

const SHAPE =
  /^(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})(?:[T ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*(?:DST)?$/i;

/** No date is longer; it also keeps the patterns from working through megabytes of blanks. */
export const MOST_DATE_CHARACTERS = 64;

/** True for what writers put where they know no date: blanks, zeros, and blanks or zeros between separators. */
export const isBlankDate = (text: string): boolean => /^[\s0:\-/.TZ+]*$/i.test(text);

const pad = (text: string): string => text.padStart(2, "0");

/** `+0200`, `+02` or `+02:00` as `+02:00`; `Z` stays. Undefined for anything else. */
export function zoneText(text: string): string | undefined {
  const match = /^\s*(?:(Z)|([+-]\d{2}):?(\d{2})?)\s*$/i.exec(text.replaceAll("\0", ""));
  if (match === null) return undefined;
  return match[1] !== undefined ? "Z" : `${match[2]}:${match[3] ?? "00"}`;
}

/**
 * Reads `2024:01:15 10:30:00`, `2024-01-15T10:30:00.25+01:00` and the like (Exif, XMP, QuickTime, PNG by ISO 8601), with
 * the zone that stands in it, never another. Null for blanks, month 13, and for years or months alone, which say no day.
 */
export function readDateText(text: string): ReadDate | null {
  if (text.length > MOST_DATE_CHARACTERS) return null;
  const match = SHAPE.exec(text.replaceAll("\0", "").trim());
  if (match === null) return null;
  const [, year = "", month = "", day = "", hour, minute = "00", second = "00", fraction, zone] = match;
  const clock = hour === undefined ? "00:00:00" : `${pad(hour)}:${minute}:${second}`;
  const part = fraction === undefined ? "" : `.${fraction}`;
  const suffix = zone === undefined ? "" : (zoneText(zone) ?? "");
  const date = `${year}-${pad(month)}-${pad(day)}T${clock}${part}${suffix}`;
  return parseTakenDate(date) === null ? null : { date, isDayOnly: hour === undefined };
}

/** `20240115` and `103000+0100` (IPTC-IIM 2:55 and 2:60) as one text for `readDateText`; undefined without a day. */
export function iptcDateText(day: string | undefined, time: string | undefined): string | undefined {
  const date = /^(\d{4})[:-]?(\d{2})[:-]?(\d{2})$/.exec(day?.trim() ?? "");
  if (date === null) return undefined;
  const clock = /^(\d{2}):?(\d{2}):?(\d{2})([+-]\d{2}:?\d{2})?/.exec(time?.trim() ?? "");
  const head = `${date[1]}-${date[2]}-${date[3]}`;
  if (clock === null) return head;
  // The format demands a zone, so writers that know none write +0000; it is taken for what it mostly means.
  const zone = clock[4] === undefined || /^[+-]00:?00$/.test(clock[4]) ? "" : clock[4];
  return `${head}T${clock[1]}:${clock[2]}:${clock[3]}${zone}`;
}

/** Seconds since an epoch, given in seconds since 1970, as an instant in UTC. Null outside the years 1 to 9999. */
export function instantText(secondsSince1970: number): LocalDate | null {
  const date = new Date(secondsSince1970 * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const text = `${date.toISOString().slice(0, 19)}Z`;
  return parseTakenDate(text) === null ? null : text;
}

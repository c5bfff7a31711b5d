import { parseTakenDate } from "../../domain/taken-date.js";
import { isJsonRecord, type JsonRecord } from "../../infra/json-value.js";

/**
 * `photoTakenTime.timestamp`: a string of whole seconds since 1970 in UTC, negative before that, `"0"` for unknown.
 * `undefined` is a value of another form; `null` says that there is none, or that Google does not know it.
 */
function timestamp(sidecar: JsonRecord): number | null | undefined {
  const time = sidecar["photoTakenTime"];
  if (time === undefined || time === null) return null;
  const written = isJsonRecord(time) ? time["timestamp"] : undefined;
  const text = typeof written === "number" ? String(written) : written;
  if (typeof text !== "string" || !/^-?\d{1,15}$/.test(text.trim())) return undefined;
  const seconds = Number(text);
  return seconds === 0 ? null : seconds;
}

/** Seconds since 1970 in UTC of when the photo was taken, or null where that is unknown or unreadable. */
export const takenSeconds = (sidecar: JsonRecord): number | null => timestamp(sidecar) ?? null;

/**
 * The same as an instant in the form of photo documents (`2023-09-22T14:49:36Z`). `date` is absent where unknown;
 * `isOdd` is true where a value stands there that cannot be read. `formatted` is localized and never looked at.
 */
export function takenInstant(sidecar: JsonRecord): { readonly date?: string; readonly isOdd: boolean } {
  const seconds = timestamp(sidecar);
  if (seconds === null) return { isOdd: false };
  const date = seconds === undefined ? null : instantText(seconds);
  return date === null ? { isOdd: true } : { date, isOdd: false };
}

function instantText(seconds: number): string | null {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  const text = moment.toISOString().replace(".000Z", "Z");
  return parseTakenDate(text) === null ? null : text;
}

import { PhotosyncError } from "../domain/errors.js";
import { parseRate } from "../stores/s3/requests/upload-rate.js";
import { parseDay } from "./day.js";
import { parseWhen, WHEN_FORMS } from "./when.js";

function badValue(flag: string, text: string, forms: string): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "usage.bad-value",
    message: `--${flag} does not understand "${text}".`,
    next: [`Write it in one of these forms: ${forms}.`],
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The object without the keys whose value is undefined: an option that was not given is not there. */
export function given<T extends object>(values: T): Given<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // The keys that are left have the types that they had; Object.fromEntries cannot say so.
  return Object.fromEntries(entries) as Given<T>;
}

/** The instant that `--since` means, seen from `now`. Throws `usage.bad-value`. */
export function parseSince(text: string | undefined, now: string): string | undefined {
  if (text === undefined) return undefined;
  const instant = parseWhen(text, now);
  if (instant === null) throw badValue("since", text, WHEN_FORMS);
  return instant;
}

/** The first or the last day of the span that `--<flag>` names. Throws `usage.bad-value`. */
export function parseDayFlag(
  flag: string,
  edge: "first" | "last",
  text: string | undefined,
): string | undefined {
  if (text === undefined) return undefined;
  const day = parseDay(text, edge);
  if (day === null) throw badValue(flag, text, "2024, 2024-01, 2024-01-15");
  return day;
}

const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Keys of `config/services.json` that are no accounts, and what every object has without being told. */
const NO_SERVICE: ReadonlySet<string> = new Set([
  "schema_version",
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** The account that `--service` names, as `config/services.json` could name it. Throws `usage.bad-value`. */
export function parseService(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!SERVICE_NAME.test(text) || NO_SERVICE.has(text)) {
    throw badValue("service", text, "folder, google-photos, nas-2 (letters, digits, dot, dash, underscore)");
  }
  return text;
}

/** The percentage in `5%`, `0.5%` or `5`: more than 0, at most 100. Throws `usage.bad-value`. */
export function parseSample(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = /^\d{1,3}(?:\.\d{1,6})?\s*%?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN;
  if (!(percent > 0 && percent <= 100)) throw badValue("sample", text, "5%, 0.5%, 100%");
  return percent;
}

/** Bytes a second that `--max-upload-rate` means. Throws `usage.bad-value`. */
export function parseUploadRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = parseRate(text);
  if (bytes === null) throw badValue("max-upload-rate", text, "2MB/s, 500kB/s, 1.5 MiB/s");
  return bytes;
}

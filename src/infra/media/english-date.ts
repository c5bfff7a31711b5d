import { MOST_DATE_CHARACTERS } from "./date-text.js";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `Mon Mar 10 15:04:43 2003` (C's asctime), as AVI files hold their date in IDIT. */
const ASCTIME = /^(?:[a-z]{3},? +)?([a-z]{3}) +(\d{1,2}) +(\d{2}:\d{2}:\d{2}) +(\d{4})$/i;
/** `Mon, 10 Mar 2003 15:04:43 +0100` (RFC 1123), as the PNG specification proposes for Creation Time. */
const RFC_1123 =
  /^(?:[a-z]{3},? +)?(\d{1,2}) ([a-z]{3})[a-z]* (\d{4}) (\d{2}:\d{2}:\d{2}) *(GMT|UTC?|Z|[+-]\d{4})?$/i;

function assemble(year: string, month: string, day: string, clock: string, zone = ""): string | undefined {
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  if (number === 0) return undefined;
  const offset = /^[A-Z]/i.test(zone) ? "Z" : zone;
  return `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${offset}`;
}

/** A date with an English month as ISO 8601 text for `readDateText`; any other text comes back unchanged. */
export function plainDateText(text: string): string {
  if (text.length > MOST_DATE_CHARACTERS) return text;
  const trimmed = text.replaceAll("\0", "").trim();
  const asctime = ASCTIME.exec(trimmed);
  if (asctime !== null) {
    const [, month = "", day = "", clock = "", year = ""] = asctime;
    return assemble(year, month, day, clock) ?? trimmed;
  }
  const rfc = RFC_1123.exec(trimmed);
  if (rfc !== null) {
    const [, day = "", month = "", year = "", clock = "", zone] = rfc;
    return assemble(year, month, day, clock, zone) ?? trimmed;
  }
  return trimmed;
}

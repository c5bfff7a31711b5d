import { type LocalDate, parseTakenDate } from "../../domain/taken-date.js";

const MYSQL = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/**
 * Flickr's dates of taking, `2004-11-29 16:01:26`: the photographer's wall clock, whose zone Flickr never knows
 * (flickr.com/services/api/misc.dates.html). Null where the text is no such date, `0000-00-00 00:00:00` included.
 */
export function wallClock(text: string): LocalDate | null {
  const match = MYSQL.exec(text.trim());
  const date = match === null ? null : `${match[1]}T${match[2]}`;
  return date !== null && parseTakenDate(date) !== null ? date : null;
}

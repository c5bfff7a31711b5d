const WHOLE = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[ T](\d{2})(?::(\d{2})(?::(\d{2}))?)?)?)?$|^(\d{4})$/;

/**
 * A MySQL datetime of which parts may be missing: `2004-04` is `2004-04-01 00:00:00`. Null for what is no date. Nothing is
 * converted between zones: Flickr keeps the photographer's wall clock.
 */
export function takenDate(text: string): string | null {
  const found = WHOLE.exec(text.trim());
  if (found === null) return null;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", onlyYear] = found;
  const date = `${onlyYear ?? year}-${month}-${day}`;
  const isReal = new Date(`${date}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(isReal.getTime()) || isReal.getUTCDate() !== Number(day)) return null;
  return `${date} ${hour}:${minute}:${second}`;
}

/** Unix seconds as a MySQL datetime in UTC. */
export const wallClock = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

/** A date argument as unix seconds: those themselves, or a date in English or MySQL form; null for anything else. */
export function unixDate(text: string): number | null {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const taken = takenDate(text);
  const parsed = Date.parse(taken === null ? text : `${taken.replace(" ", "T")}Z`);
  return Number.isNaN(parsed) ? null : Math.floor(parsed / 1000);
}

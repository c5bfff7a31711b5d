const SIZES = ["kB", "MB", "GB", "TB", "PB"];

/** `12345` as `12,345`. */
export const grouped = (count: number): string =>
  // By hand: the tables of `Intl` take as long to load as Node itself.
  String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** `1 photo`, `1,234 photos`, `2 copies`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Bytes in decimal units, three digits at most: `0 B`, `999 B`, `1.5 kB`, `48.2 GB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = "";
  for (const next of SIZES) {
    value /= 1000;
    unit = next;
    // Compared after rounding: 999,950 bytes are 1.0 MB, not 1000.0 kB.
    if (Number(value.toFixed(value < 100 ? 1 : 0)) < 1000) break;
  }
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}

/** Seconds in the largest unit that tells enough: `8 s`, `3 min`, `2 h 05 min`, `4 days`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return counted(Math.round(hours / 24), "day");
}

/** How long before `now` an instant was, in words; both RFC 3339. A time ahead of the clock is `just now`. */
export function ago(at: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(at)) / 1000;
  if (Number.isNaN(seconds)) return at;
  if (seconds < 60) return "just now";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${counted(minutes, "minute")} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${counted(hours, "hour")} ago`;
  const days = Math.floor(hours / 24);
  if (days === 1) return "yesterday";
  if (days < 60) return `${grouped(days)} days ago`;
  return days < 730
    ? `${grouped(Math.floor(days / 30))} months ago`
    : `${grouped(Math.floor(days / 365))} years ago`;
}

/** An RFC 3339 time or a taken date as people write it: `2024-01-15 10:30`, with ` UTC` or ` -08:00` where it is known. */
export function readable(date: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(date);
  if (match === null) return date;
  const zone = match[3] === undefined ? "" : /^(?:Z|[+-]00:00)$/.test(match[3]) ? " UTC" : ` ${match[3]}`;
  return `${match[1]} ${match[2]}${zone}`;
}

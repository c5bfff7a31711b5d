import { isRecord } from "./is-record.js";

const presentKeys = (value: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(value).filter((key) => value[key] !== undefined);

/**
 * True when two JSON values, or two documents made of them, hold the same. The order of an object's keys does not
 * count, that of an array does; a key whose value is `undefined` counts as absent; `-0` is `0`, as JSON writes it.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, index) => sameJson(value, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = presentKeys(a);
  return (
    keys.length === presentKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** The value under a key that outside data chose, never one inherited from `Object.prototype`. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** A copy of the record with one entry set; safe for any key, `__proto__` included. */
export const withEntry = <T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: T,
): Readonly<Record<string, T>> => {
  const entries = new Map<string, T>(Object.entries(record));
  entries.set(key, value);
  return Object.fromEntries(entries);
};

/** Orders text by UTF-16 units: the same on every machine, unlike a locale's order. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

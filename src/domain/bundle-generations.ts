import { type BundleName, commitOfBundle, monthOfBundle } from "./bundle-name.js";

const NEWEST = 5;
const MONTHS = 12;

/**
 * The bundles on a shelf that need not be kept, sorted: all but the newest five, and the newest of each of the last twelve months, counted from
 * the newest of all. Only those are judged that end with one of `commits`: what another computer made, and this library does not hold, stays.
 */
export function spareGenerations(
  names: readonly BundleName[],
  commits: readonly string[],
): readonly BundleName[] {
  const known = new Set(commits.map((commit) => commit.slice(0, 12)));
  const own = names.filter((name) => known.has(commitOfBundle(name))).sort();
  const newest = own.at(-1);
  if (newest === undefined) return [];
  const kept = new Set(own.slice(-NEWEST));
  const ofMonth = new Map(own.map((name) => [monthOfBundle(name), name]));
  for (const [month, name] of ofMonth)
    if (monthsBetween(month, monthOfBundle(newest)) < MONTHS) kept.add(name);
  return own.filter((name) => !kept.has(name));
}

function monthsBetween(earlier: string, later: string): number {
  const count = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return count(later) - count(earlier);
}

import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sha256Hex } from "../cli/sha256.js";

/** Larger files are compared by size and times alone. */
const MOST_HASHED_BYTES = 16 * 1024 * 1024;

function looksLike(path: Buffer, stats: BigIntStats): string {
  if (stats.isDirectory()) return `folder ${stats.mode}`;
  if (stats.isSymbolicLink()) return `link ${readlinkSync(path, "latin1")}`;
  const hash = stats.isFile() && stats.size <= MOST_HASHED_BYTES ? sha256Hex(readFileSync(path)) : "";
  return `${stats.mode} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${hash}`;
}

/**
 * Everything below `root` by name, names taken as bytes: kind, size, time, hash. What stands in `without` (paths) is left
 * out with all that is below. Files that vanish meanwhile are left out.
 */
export function snapshotOf(root: string, without: readonly string[]): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  const left = new Set(without.map((path) => Buffer.from(path).toString("latin1")));
  const visit = (folder: Buffer): void => {
    for (const name of readdirSync(folder, { encoding: "buffer" })) {
      const path = Buffer.concat([folder, Buffer.from("/"), name]);
      const key = path.toString("latin1");
      if (left.has(key)) continue;
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (stats === undefined) continue;
      seen.set(key, looksLike(path, stats));
      if (stats.isDirectory()) visit(path);
    }
  };
  visit(Buffer.from(root));
  return seen;
}

/** What differs between two snapshots, in words. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const found: string[] = [];
  for (const [name, look] of after) {
    if (!before.has(name)) found.push(`written outside the library: ${name}`);
    else if (before.get(name) !== look) found.push(`changed outside the library: ${name}`);
  }
  for (const name of before.keys()) if (!after.has(name)) found.push(`removed: ${name}`);
  return found;
}

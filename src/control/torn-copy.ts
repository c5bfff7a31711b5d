import type { BigIntStats } from "node:fs";
import { readFileSync } from "node:fs";
import { fileError } from "../infra/durable-file.js";
import type { GitRepository } from "./git-repository.js";
import type { WorkingCopy } from "./working-copy.js";

/**
 * Whether the working copy at a path is what a crash makes of the version `oid` that was to be written there: nothing, its
 * beginning, or zeros in the place of blocks that were never written, which may be any of them. A person's edit does not look
 * like that. False for a version that has no file (null). Throws what `fileError` makes of a file-system error.
 */
export function isTornCopy(
  repository: GitRepository,
  working: WorkingCopy,
  { path, oid }: { readonly path: string; readonly oid: string | null },
  stat: BigIntStats,
): boolean {
  if (oid === null) return false;
  const wanted = repository.objects.read(oid, "blob");
  if (stat.size > BigInt(wanted.length)) return false;
  let found: Buffer;
  try {
    found = readFileSync(working.absolute(path));
  } catch (error) {
    throw fileError(error, working.absolute(path), "read");
  }
  return found.every((byte, place) => byte === 0 || byte === wanted[place]);
}

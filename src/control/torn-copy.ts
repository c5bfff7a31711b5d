import type { BigIntStats } from "node:fs";
import { readFileSync } from "node:fs";
import { fileError } from "../infra/durable-file.js";
import type { FileMove } from "./bring-file.js";
import type { GitRepository } from "./git-repository.js";
import type { WorkingCopy } from "./working-copy.js";

/**
 * Whether a working copy is what a crash makes of the file that was to be written: nothing, its beginning, or zeros in the place
 * of blocks that were never written, which may be any of them. A person's edit does not look like that.
 */
export function isTornCopy(
  repository: GitRepository,
  working: WorkingCopy,
  move: FileMove,
  stat: BigIntStats,
): boolean {
  if (move.to === null) return false;
  const wanted = repository.objects.read(move.to.oid, "blob");
  if (stat.size > BigInt(wanted.length)) return false;
  let found: Buffer;
  try {
    found = readFileSync(working.absolute(move.path));
  } catch (error) {
    throw fileError(error, working.absolute(move.path), "read");
  }
  return found.every((byte, place) => byte === 0 || byte === wanted[place]);
}

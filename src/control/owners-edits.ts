import type { Call } from "../ports/call.js";
import type { FileMove } from "./bring-file.js";
import { parentOf } from "./byte-path.js";
import type { GitIndex } from "./git-index.js";
import { createPacer } from "./pacer.js";
import { WorkingCopy } from "./working-copy.js";

/**
 * Paths of the moves (sorted, so are these) that the owner has changed since the base: on disk, or staged in the index.
 * A copy that already holds the bytes to be written is no obstacle: nothing of it would be lost.
 */
export async function ownersEdits(
  dir: string,
  index: GitIndex,
  moves: readonly FileMove[],
  call: Call,
): Promise<readonly string[]> {
  const working = new WorkingCopy(dir, index);
  const removed = new Set(moves.filter((move) => move.to === null).map((move) => move.path));
  const found: string[] = [];
  const pace = createPacer(call);
  for (const move of moves) {
    await pace();
    if (isStaged(index, move, removed) || isEdited(working, move)) found.push(move.path);
  }
  return found;
}

function isEdited(working: WorkingCopy, move: FileMove): boolean {
  const copy = working.look(move.path);
  if (copy.kind === "other") return true;
  return !isEitherEnd(move, copy.kind === "absent" ? null : working.oidOf(move.path, copy.stat));
}

function isStaged(index: GitIndex, move: FileMove, removed: ReadonlySet<string>): boolean {
  if (!isEitherEnd(move, index.find(move.path))) return true;
  return move.from === null && move.to !== null && isInTheWay(index, move.path, removed);
}

/** Whether a staged file stands where the new path needs a folder, or a folder where it stands itself. */
function isInTheWay(index: GitIndex, path: string, removed: ReadonlySet<string>): boolean {
  if (index.hasBelow(path)) return true;
  for (let folder = parentOf(path); folder !== ""; folder = parentOf(folder)) {
    if (index.find(folder) !== null && !removed.has(folder)) return true;
  }
  return false;
}

function isEitherEnd(move: FileMove, oid: string | null): boolean {
  return oid === (move.from?.oid ?? null) || oid === (move.to?.oid ?? null);
}

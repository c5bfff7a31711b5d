import { PhotosyncError } from "../domain/errors.js";
import type { Call } from "../ports/call.js";
import { GitIndex } from "./git-index.js";
import type { GitIndexFile } from "./git-index-file.js";
import { encodeStat, unknownStat } from "./git-index-stat.js";
import { type IndexUpdate, updatedIndex } from "./git-index-update.js";
import type { GitRepository } from "./git-repository.js";
import { readHead } from "./head.js";
import { createPacer } from "./pacer.js";
import { WorkingCopy } from "./working-copy.js";

/**
 * Builds a torn or missing Git index anew from HEAD, leaving the working tree as it is: edited files show up as edited. What
 * was only staged in the lost index cannot be known. A sound index is left alone. Throws `git.index-locked`.
 */
export async function mendIndex(
  repository: GitRepository,
  indexFile: GitIndexFile,
  call: Call,
): Promise<void> {
  if (isSound(indexFile)) return;
  const root = repository.trees.rootOf((await readHead(repository.gitDir)).revision);
  if (root === null) return;
  const lock = indexFile.lock();
  try {
    const working = new WorkingCopy(repository.dir, GitIndex.empty());
    const pace = createPacer(call);
    const updates: IndexUpdate[] = [];
    for (const { path, oid, mode } of repository.trees.leaves(root, "")) {
      await pace();
      const copy = working.look(path);
      const isSame = copy.kind === "file" && working.hash(path, copy.stat) === oid;
      const stat = isSame ? encodeStat(copy.stat, mode) : unknownStat(mode);
      updates.push({ path, entry: { oid, mode, stat } });
    }
    await lock.replace(updatedIndex(GitIndex.empty(), updates));
  } finally {
    lock.release();
  }
}

function isSound(indexFile: GitIndexFile): boolean {
  try {
    return indexFile.load() !== null;
  } catch (error) {
    if (error instanceof PhotosyncError && error.code === "library.damaged") return false;
    throw error;
  }
}

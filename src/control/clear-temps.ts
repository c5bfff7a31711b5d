import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isTempName } from "../infra/durable-file.js";
import type { FileMove } from "./bring-file.js";
import { fromBytePath, parentOf } from "./byte-path.js";
import type { GitRepository } from "./git-repository.js";
import { looseTempPrefix } from "./loose-objects.js";
import { packTempPrefix } from "./pack-writer.js";
import { isClaimOfTheDead } from "./process-lock.js";

/** Another process may be about to take the library's lock, through a temporary file that lives for milliseconds. */
const strangersMs = 60_000;

/** Removes the unfinished files of a killed commit under `.git` and `.photosync`. What cannot be removed stays. */
export function clearTemps({ dir, gitDir }: GitRepository): void {
  const objectsDir = join(gitDir, "objects");
  for (const name of namesIn(objectsDir)) {
    if (/^[0-9a-f]{2}$/.test(name))
      clearFolder(join(objectsDir, name), (temp) => temp.startsWith(looseTempPrefix));
  }
  clearFolder(join(objectsDir, "pack"), (name) => name.startsWith(packTempPrefix) || isTempName(name));
  clearFolder(gitDir, isTempName);
  clearFolder(join(dir, ".photosync", "journal"), isTempName);
  const own = join(dir, ".photosync");
  clearFolder(
    own,
    (name) => isTempName(name) && (isClaimOfTheDead(join(own, name)) || isOld(join(own, name))),
  );
}

/** True when a file that a killed run was writing lies directly in this folder: one look, cheap enough for every run. */
export const leftTemp = (folder: string): boolean => namesIn(folder).some(isTempName);

/** Removes unfinished copies in the folders of these files only: a library has far too many folders to look into each. */
export function clearTempsBeside(dir: string, moves: readonly FileMove[]): void {
  const folders = new Set(moves.map((move) => parentOf(move.path)));
  for (const folder of folders) clearFolder(join(dir, fromBytePath(folder)), isTempName);
}

/** Removes the files of a folder that are ours to remove, if it can. */
export function clearFolder(folder: string, isOurs: (name: string) => boolean): void {
  for (const name of namesIn(folder)) {
    if (!isOurs(name)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // It harms nobody, and what really needs the folder writable will say so.
    }
  }
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > strangersMs;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

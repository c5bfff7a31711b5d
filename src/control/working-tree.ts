import {
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { discardFile, errnoOf, fileError, tempPathFor, tempToken } from "../infra/durable-file.js";
import { parentOf } from "./byte-path.js";
import type { GitIndex } from "./git-index.js";
import { encodeStat, unknownStat } from "./git-index-stat.js";
import type { IndexUpdate } from "./git-index-update.js";
import type { GitRepository } from "./git-repository.js";
import { createPacer } from "./pacer.js";
import { type Copy, WorkingCopy } from "./working-copy.js";

/** A file's content in Git. */
export interface Version {
  readonly oid: string;
  readonly mode: number;
}

/** A file that goes from one version to another; `null` is absence. `path` is a byte path. */
export interface FileMove {
  readonly path: string;
  readonly from: Version | null;
  readonly to: Version | null;
}

/** Decides whether a working copy that is not yet at `to` may be replaced; what it refuses is an edit of the owner. */
export type MayReplace = (move: FileMove, copy: Copy, oid: string | null) => boolean;

/**
 * Brings working copies along to `to`; one that stands is replaced by a temporary file and a rename, so that a reader
 * sees one version or the other. Returns what the index shall say of them, and how many were changed. Files are not fsynced one by one, which
 * would cost minutes for 100,000: their bytes are durable as Git objects, and the journal stays until a later run has seen that no
 * power cut came between. `trustStat` false reads files that look untouched.
 */
export async function bringAlong(
  repository: GitRepository,
  index: GitIndex,
  moves: readonly FileMove[],
  mayReplace: MayReplace,
  trustStat: boolean,
): Promise<{ readonly updates: readonly IndexUpdate[]; readonly changed: number }> {
  const working = new WorkingCopy(repository.dir, index);
  const updates: IndexUpdate[] = [];
  const emptied = new Set<string>();
  const token = tempToken();
  const pace = createPacer(null);
  let changed = 0;
  for (const move of moves) {
    await pace();
    const { path, to } = move;
    let copy = working.look(path);
    const oid =
      copy.kind !== "file"
        ? null
        : trustStat
          ? working.oidOf(path, copy.stat)
          : working.hash(path, copy.stat);
    let settled = to === null ? copy.kind === "absent" : oid === to.oid;
    if (!settled && mayReplace(move, copy, oid)) {
      if (to === null) emptied.add(removeFile(working, path));
      else copy = writeFile(repository, working, { path, to, token }, copy);
      settled = true;
      changed++;
      repository.faultPoint("file-written");
    }
    updates.push({ path, entry: to === null ? null : entryOf(to, copy, settled) });
  }
  for (const folder of emptied) removeEmptyFolders(working, folder);
  return { updates, changed };
}

function entryOf(to: Version, copy: Copy, settled: boolean): IndexUpdate["entry"] {
  const stat = settled && copy.kind === "file" ? encodeStat(copy.stat, to.mode) : unknownStat(to.mode);
  return { oid: to.oid, mode: to.mode, stat };
}

/** Writes a file and returns how it stands on disk. */
function writeFile(
  repository: GitRepository,
  working: WorkingCopy,
  { path, to, token }: { readonly path: string; readonly to: Version; readonly token: string },
  before: Copy,
): Copy {
  const absolute = working.absolute(path);
  const bytes = repository.objects.read(to.oid, "blob");
  const mode = to.mode === 0o100755 ? 0o777 : 0o666;
  if (before.kind === "absent") return createFile(absolute, bytes, mode);
  const temp = tempPathFor(absolute, token);
  try {
    const file = openSync(temp, "wx", mode);
    try {
      writeFileSync(file, bytes);
      // The owner's permissions outlive our edit.
      if (before.kind === "file") fchmodSync(file, Number(before.stat.mode & 0o777n));
    } finally {
      closeSync(file);
    }
    renameSync(temp, absolute);
  } catch (error) {
    discardFile(temp);
    throw fileError(error, absolute, "write");
  }
  return working.look(path);
}

/**
 * Writes a file where there is none, under its own name: nothing of the owner's can be replaced, what a kill cuts short
 * is known by its beginning (see `isTornCopy`), and a temporary file would take a third longer over 100,000.
 */
function createFile(absolute: string, bytes: Uint8Array, mode: number): Copy {
  let file = -1;
  try {
    file = openNew(absolute, mode);
    writeFileSync(file, bytes);
    return { kind: "file", stat: fstatSync(file, { bigint: true }) };
  } catch (error) {
    // Only what was created here may go: an error of opening means that somebody else's file stands there.
    if (file >= 0) rmSync(absolute, { force: true });
    throw fileError(error, absolute, "write");
  } finally {
    if (file >= 0) closeSync(file);
  }
}

function openNew(absolute: string, mode: number): number {
  try {
    return openSync(absolute, "wx", mode);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    mkdirSync(dirname(absolute), { recursive: true });
    return openSync(absolute, "wx", mode);
  }
}

/** Returns the folder that may be empty now. */
function removeFile(working: WorkingCopy, path: string): string {
  const absolute = working.absolute(path);
  try {
    rmSync(absolute, { force: true });
  } catch (error) {
    throw fileError(error, absolute, "remove");
  }
  return parentOf(path);
}

/** Git keeps no empty folders, so those that a removal emptied go; one with anything left in it ends the walk up. */
function removeEmptyFolders(working: WorkingCopy, start: string): void {
  for (let folder = start; folder !== ""; folder = parentOf(folder)) {
    try {
      rmdirSync(working.absolute(folder));
    } catch {
      return;
    }
  }
}

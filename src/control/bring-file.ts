import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { PhotosyncError } from "../domain/errors.js";
import { discardFile, errnoOf, fileError, tempPathFor } from "../infra/durable-file.js";
import { parentOf } from "./byte-path.js";
import { encodeStat } from "./git-index-stat.js";
import { createFile } from "./new-files.js";
import type { Copy, WorkingCopy } from "./working-copy.js";

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

export interface BringHow {
  readonly mayReplace: MayReplace;
  /** False reads files that look untouched. */
  readonly trustStat: boolean;
  /** The bytes of a version that is to be written. */
  contentOf(oid: string): Uint8Array;
}

export interface BringTools extends BringHow {
  readonly working: WorkingCopy;
  /** For the names of temporary files. */
  readonly token: string;
}

/** How a file stands after it was brought along; `stat` is null where it holds something else than `to`, or nothing. */
export interface Brought {
  readonly stat: Buffer | null;
  readonly isChanged: boolean;
}

/** Brings one working copy along to `to`, unless it holds an edit of the owner. Throws what `fileError` makes of an error. */
export function bringFile(tools: BringTools, move: FileMove): Brought {
  if (isNewFile(tools, move)) {
    const stat = createdOrNull(tools, move.path, move.to);
    if (stat !== null) return { stat, isChanged: true };
  }
  const { working } = tools;
  const { path, to } = move;
  const copy = working.look(path);
  const oid = copy.kind === "file" ? oidOf(tools, path, copy) : null;
  if (to === null ? copy.kind === "absent" : oid === to.oid)
    return { stat: to === null ? null : statOf(copy, to), isChanged: false };
  if (!tools.mayReplace(move, copy, oid)) return { stat: null, isChanged: false };
  if (to !== null) return { stat: replaced(tools, path, to, copy), isChanged: true };
  removeFile(working.absolute(path));
  return { stat: null, isChanged: true };
}

/** Whether a file is to be made where most likely there is none: made at once, it need not be looked for first. */
export function isNewFile(
  { working, mayReplace }: BringTools,
  move: FileMove,
): move is FileMove & { readonly to: Version } {
  if (move.from !== null || move.to === null) return false;
  return working.folderKind(parentOf(move.path)) !== "other" && mayReplace(move, { kind: "absent" }, null);
}

/** Null when something stands there already. */
function createdOrNull({ working, contentOf }: BringTools, path: string, to: Version): Buffer | null {
  try {
    return createFile(working.absolute(path), contentOf(to.oid), to.mode);
  } catch (error) {
    if (error instanceof PhotosyncError && errnoOf(error.cause) === "EEXIST") return null;
    throw error;
  }
}

function oidOf({ working, trustStat }: BringTools, path: string, copy: Copy & { kind: "file" }): string {
  return trustStat ? working.oidOf(path, copy.stat) : working.hash(path, copy.stat);
}

function statOf(copy: Copy, to: Version): Buffer | null {
  return copy.kind === "file" ? encodeStat(copy.stat, to.mode) : null;
}

/** Writes a file, in the place of one that may stand there, and returns how it stands on disk. */
function replaced(tools: BringTools, path: string, to: Version, before: Copy): Buffer | null {
  const { working, token } = tools;
  const absolute = working.absolute(path);
  const bytes = tools.contentOf(to.oid);
  if (before.kind === "absent") return createFile(absolute, bytes, to.mode);
  const temp = tempPathFor(absolute, token);
  try {
    const file = openSync(temp, "wx", to.mode === 0o100755 ? 0o777 : 0o666);
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
  return statOf(working.look(path), to);
}

function removeFile(absolute: string): void {
  try {
    rmSync(absolute, { force: true });
  } catch (error) {
    throw fileError(error, absolute, "remove");
  }
}

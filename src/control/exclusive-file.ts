import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { discardFile, errnoOf, fileError } from "../infra/durable-file.js";

/**
 * Creates a lock file with its content in one step, or returns false when the file exists. A plain O_EXCL create followed
 * by a write could be killed in between and leave an empty lock that names nobody; a hard link to a finished
 * file cannot. Where the file system has no hard links (FAT) it falls back to the plain way. The content is durable.
 * Throws what `fileError` makes of a file-system error.
 */
export function createExclusively(path: string, content: string): boolean {
  const temp = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.photosync-tmp`);
  try {
    writeNew(temp, content);
    try {
      linkSync(temp, path);
    } catch (error) {
      const errno = errnoOf(error) ?? "";
      if (errno === "EEXIST") return false;
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL"].includes(errno))
        throw error;
      writeNew(path, content);
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw fileError(error, path, "create the lock");
  } finally {
    discardFile(temp);
  }
}

/** Moves a file over another one in one step; it survives a power cut only after `syncFolder` of the folder. */
export function replaceFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw fileError(error, to, "replace");
  }
}

function writeNew(path: string, content: string): void {
  const file = openSync(path, "wx", 0o644);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

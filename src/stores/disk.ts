import type { FileHandle } from "node:fs/promises";
import * as nodeDisk from "node:fs/promises";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf, fileError } from "../infra/durable-file.js";

/** The file operations that a local store needs, given in so that tests can fail each one in turn. */
export type Disk = Pick<
  typeof nodeDisk,
  "link" | "lstat" | "mkdir" | "open" | "readdir" | "readFile" | "rename" | "rm" | "stat" | "unlink"
> & {
  /** Blocks of a disk: all of them, those to be had, and the bytes in one. */
  statfs(path: string): Promise<{ readonly blocks: number; readonly bavail: number; readonly bsize: number }>;
};

/** The computer's own file system. */
export const realDisk: Disk = nodeDisk;

/**
 * What the operating system answers when a disk or network share went away under its mount point. A blob that is merely
 * absent never gets here: whoever may meet one asks before.
 */
const VANISHED = [
  "ENOENT",
  "ENODEV",
  "ENXIO",
  "ENOTCONN",
  "ESTALE",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ETIMEDOUT",
];

/** True for a failed file operation with one of these errors (`ENOENT`). */
export function isErrno(error: unknown, ...names: readonly string[]): boolean {
  const errno = errnoOf(error);
  return errno !== undefined && names.includes(errno);
}

/** The store at `place` cannot be asked: `store.unavailable`, which the owner can solve and try again. */
export const unavailable = (place: string, why: string, cause?: unknown): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: "store.unavailable",
    message: `The store at ${place} cannot be reached: ${why}`,
    next: [
      "Connect its disk, or correct its path in config/user-preferences.json, then run the same command again.",
    ],
    cause,
  });

/**
 * What a failed operation on a file of a store means; `what` is a verb. `store.unavailable` where the disk went away,
 * `store.read-only` where the system forbids it, else as `fileError` says. Any other thrown value comes back as it was.
 */
export function diskError(error: unknown, path: string, what: string): unknown {
  if (isErrno(error, ...VANISHED)) return unavailable(path, "its disk went away.", error);
  if (!isErrno(error, "EROFS", "EACCES", "EPERM")) return fileError(error, path, what);
  return new PhotosyncError({
    kind: "user",
    code: "store.read-only",
    message: `Could not ${what} ${path}: the system does not allow it (${errnoOf(error)}).`,
    next: ["Check who owns the store's folder, its permissions, and whether its disk is mounted read-only."],
    cause: error,
  });
}

/** Writes a whole chunk where the file stands, however little the system takes at a time. Throws what `write` throws. */
export async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten;
  }
}

/** Closes a file. What was read is hashed and what was written is synced by then: a failing close changes nothing. */
export const close = (handle: FileHandle): Promise<void> => handle.close().catch(() => {});

/** For `.catch`: throws what `diskError` makes of the failure. */
export const failed =
  (path: string, what: string) =>
  (error: unknown): never => {
    throw diskError(error, path, what);
  };

/**
 * Makes a file's bytes, or a folder's entries, survive a power cut. Windows syncs only what is open for writing, and
 * some network shares cannot sync folders: there it does nothing.
 */
export async function syncPath(disk: Disk, path: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const handle = await disk.open(path, "r");
    try {
      await handle.sync();
    } finally {
      await close(handle);
    }
  } catch (error) {
    if (!isErrno(error, "EINVAL", "ENOTSUP")) throw diskError(error, path, "make durable");
  }
}

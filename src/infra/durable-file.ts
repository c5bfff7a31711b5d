import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ErrorKind, PhotosyncError } from "../domain/errors.js";

const tempSuffix = ".photosync-tmp";

/** A fresh name for a half-written copy of `path`, in the same folder so that a rename to `path` is atomic. */
export function tempPathFor(path: string, token = tempToken()): string {
  return join(dirname(path), `.${basename(path)}.${token}${tempSuffix}`);
}

/** Twelve random hex digits; one serves for a whole batch of files with different names. */
export function tempToken(): string {
  return randomBytes(6).toString("hex");
}

/** Whether a file name is one that `tempPathFor` makes: safe to delete when no photosync runs on the folder. */
export function isTempName(name: string): boolean {
  return /^\..*\.[0-9a-f]{12}\.photosync-tmp$/.test(name);
}

/**
 * Writes a file so that after it resolves the new bytes survive a power cut, and at every instant before a reader
 * sees the whole old file or the whole new one. On failure the old file stands and nothing is left beside it.
 * Throws what `fileError` makes of a file-system error.
 */
export async function writeFileDurably(
  path: string,
  bytes: Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const temp = tempPathFor(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temp, "wx", options.mode ?? 0o666);
    await handle.writeFile(bytes);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(temp, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temp, { force: true }).catch(() => undefined);
    throw fileError(error, path, "write");
  }
}

/**
 * Removes a temporary file or a lock of ours, if it can. One that stays is cleared away by a later run, and must neither
 * hide what went wrong before nor turn what was done into a failure.
 */
export function discardFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // See above.
  }
}

/**
 * Makes the names in a folder (files created, renamed, removed) survive a power cut. Where the system cannot open
 * folders for this (Windows) it does nothing: there the rename itself is journaled by the file system.
 */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!isUnsupportedOnFolders(error)) throw error;
  } finally {
    await handle?.close();
  }
}

/**
 * Makes a folder and those above it where they are missing, so that after it resolves they survive a power cut. Throws what
 * Node throws, with its `code`.
 */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** The system's error code (`ENOENT`) of a thrown value, or undefined when it is no file-system error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * The one mapping from file-system errors to what a person is told. `what` is a verb ("write", "read") for the
 * message. Codes: `store.no-space`, `library.read-only`, `file.not-found`, `file.name-too-long`, `file.in-the-way`,
 * `file.too-many-open`, `file.io-error`
 * (also every errno not listed). A value that is no file-system error comes back as it was.
 */
export function fileError(error: unknown, path: string, what: string): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const facts = factsByErrno[errno] ?? ioError;
  return new PhotosyncError({
    kind: facts.kind,
    code: facts.code,
    message: `Could not ${what} ${path}: ${facts.why} (${errno}).`,
    next: [facts.next],
    data: { errno, path },
    cause: error,
  });
}

interface ErrnoFacts {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly why: string;
  readonly next: string;
}

const noSpace: ErrnoFacts = {
  kind: "user",
  code: "store.no-space",
  why: "the disk or the quota is full",
  next: "Free some space on that disk, then run the same command again: it continues where it stopped.",
};
const readOnly: ErrnoFacts = {
  kind: "user",
  code: "library.read-only",
  why: "photosync is not allowed to change it",
  next: "Check who owns the file, its permissions, and whether the disk is mounted read-only.",
};
const tooManyOpen: ErrnoFacts = {
  kind: "transient",
  code: "file.too-many-open",
  why: "too many files are open",
  next: "Raise the limit (`ulimit -n 4096`) or close other programs, then run again.",
};
const ioError: ErrnoFacts = {
  kind: "transient",
  code: "file.io-error",
  why: "the file system reported an error",
  next: "Check the disk and its cable (on Linux `dmesg` names the fault), then run again.",
};
const inTheWay: ErrnoFacts = {
  kind: "user",
  code: "file.in-the-way",
  why: "something of that name stands where it cannot be: a file in the place of a folder, or a folder in that of a file",
  next: "Look at what stands there, move it away, and run again.",
};
const factsByErrno: Readonly<Record<string, ErrnoFacts>> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EROFS: readOnly,
  EACCES: readOnly,
  EPERM: readOnly,
  ENOENT: {
    kind: "user",
    code: "file.not-found",
    why: "it does not exist",
    next: "Check the path, and that the disk it is on is connected.",
  },
  ENAMETOOLONG: {
    kind: "user",
    code: "file.name-too-long",
    why: "the name is longer than this file system takes",
    next: "Use shorter names, or fewer folders in folders: most file systems take 255 bytes a name.",
  },
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  EISDIR: inTheWay,
  EMFILE: tooManyOpen,
  ENFILE: tooManyOpen,
};

function isUnsupportedOnFolders(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "EISDIR" || errno === "EINVAL" || errno === "ENOTSUP" || (errno === "EPERM" && onWindows);
}

const onWindows = process.platform === "win32";

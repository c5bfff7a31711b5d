import type { FileHandle } from "node:fs/promises";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { PhotosyncError } from "../../domain/errors.js";
import { closeRead } from "../close-read.js";
import { readingError, shownLocation, systemCode } from "./archive-errors.js";
import { type FileIdentity, identityOf, openForReading } from "./file-bytes.js";

/** An archive at the time when it was looked at. */
export interface ArchiveFile extends FileIdentity {
  /** Absolute. */
  readonly path: string;
}

/** Looks at an archive. Throws `file.not-found`, `file.not-regular`, `archive.unreadable`. */
export async function statArchive(path: string): Promise<ArchiveFile> {
  const absolute = resolve(path);
  const shown = shownLocation({ path: absolute });
  const stats = await stat(absolute).catch((cause: unknown) => {
    if (systemCode(cause) === "ENOENT") throw readingError("file.not-found", `${shown} is not there.`, cause);
    throw readingError("archive.unreadable", `${shown} cannot be looked at (${systemCode(cause)}).`, cause);
  });
  if (!stats.isFile()) throw readingError("file.not-regular", `${shown} is not a plain file.`);
  return { path: absolute, sizeBytes: stats.size, mtimeMs: stats.mtimeMs };
}

/**
 * Opens an archive that was looked at before. Throws `file.not-found`, `file.changed-while-read` when it is another one by
 * now, `archive.unreadable`.
 */
export async function openArchive(archive: ArchiveFile): Promise<FileHandle> {
  const shown = shownLocation(archive);
  const handle = await openForReading(archive.path).catch((cause: unknown) => {
    if (systemCode(cause) === "ENOENT") {
      throw readingError("file.not-found", `${shown} is no longer there.`, cause);
    }
    throw readingError("archive.unreadable", `${shown} cannot be opened (${systemCode(cause)}).`, cause);
  });
  try {
    const now = identityOf(handle);
    if (now.sizeBytes !== archive.sizeBytes || now.mtimeMs !== archive.mtimeMs) {
      throw readingError("file.changed-while-read", `${shown} was changed while it was being read.`);
    }
    return handle;
  } catch (error) {
    await closeRead(handle);
    const code = systemCode(error);
    if (error instanceof PhotosyncError || code === "") throw error;
    throw readingError("archive.unreadable", `${shown} cannot be looked at (${code}).`, error);
  }
}

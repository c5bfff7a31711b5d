import type { FileHandle } from "node:fs/promises";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { closeRead } from "../close-read.js";
import { untilAborted } from "../until-aborted.js";
import { type ReadingCode, readingError, shownLocation, systemCode } from "./archive-errors.js";
import { chunkBytesFor, type FileIdentity, fileRange, identityOf, openForReading } from "./file-bytes.js";

async function openFile(path: string, absent: ReadingCode): Promise<FileHandle> {
  try {
    return await openForReading(path);
  } catch (cause) {
    const shown = shownLocation({ path });
    const code = systemCode(cause);
    if (code === "ENOENT") throw readingError(absent, `${shown} is not there.`, cause);
    throw readingError("file.unreadable", `${shown} cannot be opened (${code}).`, cause);
  }
}

async function* unchangedBytes(
  handle: FileHandle,
  path: string,
  expected: FileIdentity,
): AsyncGenerator<Uint8Array> {
  const shown = shownLocation({ path });
  let sizeBytes = 0;
  // One byte more than expected, so that growth is seen without reading on for ever.
  const end = expected.sizeBytes + 1;
  for await (const chunk of fileRange(handle, 0, end, chunkBytesFor(end))) {
    sizeBytes += chunk.length;
    if (sizeBytes > expected.sizeBytes) {
      throw readingError("file.changed-while-read", `${shown} grew while it was being read.`);
    }
    yield chunk;
    if (sizeBytes === expected.sizeBytes) break;
  }
  const now = identityOf(handle);
  const isSame = now.sizeBytes === expected.sizeBytes && now.mtimeMs === expected.mtimeMs;
  if (sizeBytes !== expected.sizeBytes || !isSame) {
    throw readingError("file.changed-while-read", `${shown} was changed while it was being read.`);
  }
}

async function* opened(
  path: string,
  listed: FileIdentity | null,
  absent: ReadingCode,
): AsyncGenerator<Uint8Array> {
  const handle = await openFile(path, absent);
  try {
    const now = identityOf(handle);
    if (!now.regular) throw readingError("file.not-regular", `${shownLocation({ path })} is no plain file.`);
    if (listed !== null && (now.sizeBytes !== listed.sizeBytes || now.mtimeMs !== listed.mtimeMs)) {
      throw readingError(
        "file.changed-while-read",
        `${shownLocation({ path })} was changed after it was listed.`,
      );
    }
    yield* unchangedBytes(handle, path, now);
  } catch (cause) {
    const code = systemCode(cause);
    if (cause instanceof PhotosyncError || code === "") throw cause;
    throw readingError("file.unreadable", `${shownLocation({ path })} cannot be read (${code}).`, cause);
  } finally {
    await closeRead(handle);
  }
}

/**
 * The bytes of a file that was listed with this size and time. Each call opens the file for itself, on the first read.
 * Throws `file.vanished`, `file.changed-while-read` (size or time differ, before or while reading), `file.unreadable`,
 * `file.not-regular`, `cancelled`.
 */
export const listedFileBytes = (path: string, listed: FileIdentity, call: Call): AsyncIterable<Uint8Array> =>
  untilAborted(opened(path, listed, "file.vanished"), call);

/** The bytes of a file as it is now. Throws as `listedFileBytes`, but `file.not-found` for one that is not there. */
export const fileBytes = (path: string, call: Call): AsyncIterable<Uint8Array> =>
  untilAborted(opened(path, null, "file.not-found"), call);

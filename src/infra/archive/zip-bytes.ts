import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { untilAborted } from "../until-aborted.js";
import { readingError, shownLocation, systemCode } from "./archive-errors.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { fileRange } from "./file-bytes.js";
import { readLocalHeader } from "./zip-local-header.js";
import { DEFLATED, type ZipRecord } from "./zip-record.js";

/** Inflates raw deflate data; throws zlib's errors. Leaving it early ends the source as well. */
export async function* inflated(
  source: AsyncIterable<Uint8Array>,
  onEnd?: (consumedBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: 128 * 1024 });
  // The errors of the source reach the reader through the inflater.
  pipeline(Readable.from(source), inflater, () => {});
  for await (const chunk of inflater) yield chunk;
  onEnd?.(inflater.bytesWritten);
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  record: ZipRecord,
  shown: string,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > record.sizeBytes) {
      const message = `${shown} holds more than the ${record.sizeBytes} bytes it declares.`;
      throw readingError("archive.too-large", message);
    }
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sizeBytes !== record.sizeBytes || sum !== record.crc32) {
    const what =
      sizeBytes === record.sizeBytes ? "its checksum is wrong" : `it ends after ${sizeBytes} bytes`;
    throw readingError("archive.wrong-crc", `${shown} is damaged: ${what}.`);
  }
}

async function* entryBytes(
  handle: FileHandle,
  archive: ArchiveFile,
  record: ZipRecord,
): AsyncGenerator<Uint8Array> {
  const shown = shownLocation({ path: archive.path, entry: record.entry });
  const header = await readLocalHeader(handle, record.headerOffset);
  const end = (header?.dataOffset ?? archive.sizeBytes) + record.compressedBytes;
  if (header === null || end > archive.sizeBytes) {
    throw readingError("archive.unreadable", `${shown} does not lie where the archive's directory says.`);
  }
  const stored = fileRange(handle, header.dataOffset, end);
  yield* checked(record.method === DEFLATED ? inflated(stored) : stored, record, shown);
}

async function* opened(archive: ArchiveFile, record: ZipRecord): AsyncGenerator<Uint8Array> {
  const handle = await openArchive(archive);
  try {
    yield* entryBytes(handle, archive, record);
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof PhotosyncError || code === "") throw error;
    const shown = shownLocation({ path: archive.path, entry: record.entry });
    if (code.startsWith("Z_")) {
      throw readingError("archive.wrong-crc", `${shown} is damaged: its compressed bytes are wrong.`, error);
    }
    throw readingError("archive.unreadable", `${shown} cannot be read (${code}).`, error);
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a zip's entry, inflated and proven against its declared size and CRC-32 as they pass; the last chunk may be
 * out before a wrong sum is known. Each call opens the archive for itself, on the first read, so streams may run in
 * parallel and at any time. Throws `archive.wrong-crc`, `archive.too-large` (at once, not after the flood),
 * `archive.unreadable`, `file.not-found`, `file.changed-while-read`, `cancelled`.
 */
export const zipBytes = (archive: ArchiveFile, record: ZipRecord, call: Call): AsyncIterable<Uint8Array> =>
  untilAborted(opened(archive, record), call);

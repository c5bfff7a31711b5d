import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { crc32, createInflateRaw, inflateRaw } from "node:zlib";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import { closeRead } from "../close-read.js";
import { untilAborted } from "../until-aborted.js";
import { readingError, shownLocation, systemCode } from "./archive-errors.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { chunkBytesFor, fileRange, isAtOnce, readAt } from "./file-bytes.js";
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

const inflateAtOnce = promisify(inflateRaw);

/** The whole of a small entry, inflated in one go. Throws zlib's errors and `archive.too-large`. */
async function inflatedWhole(stored: Buffer, sizeBytes: number, shown: string): Promise<Buffer> {
  try {
    const mostBytes = sizeBytes + 1;
    return await inflateAtOnce(stored, { chunkSize: Math.max(64, mostBytes), maxOutputLength: mostBytes });
  } catch (error) {
    if (systemCode(error) !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw readingError("archive.too-large", `${shown} holds more than the ${sizeBytes} bytes it declares.`);
  }
}

async function* contentOf(
  handle: FileHandle,
  record: ZipRecord,
  [start, end]: readonly [number, number],
  shown: string,
): AsyncGenerator<Uint8Array> {
  if (record.method !== DEFLATED) {
    yield* fileRange(handle, start, end, chunkBytesFor(end - start));
  } else if (isAtOnce(record.sizeBytes) && isAtOnce(record.compressedBytes)) {
    yield await inflatedWhole(await readAt(handle, start, end - start), record.sizeBytes, shown);
  } else {
    yield* inflated(fileRange(handle, start, end));
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
  yield* checked(contentOf(handle, record, [header.dataOffset, end], shown), record, shown);
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
    await closeRead(handle);
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

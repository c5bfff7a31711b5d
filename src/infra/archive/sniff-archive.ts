import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { closeRead } from "../close-read.js";
import { readingError, shownLocation, systemCode } from "./archive-errors.js";
import { openForReading, readAt } from "./file-bytes.js";

/** A tar header is one block of 512 bytes. */
const BLOCK_BYTES = 512;
/** What a gzip may put before its first compressed byte is a file name; this holds any that a system allows, and a block. */
const GZIP_PROBE_BYTES = 64 * 1024;
/** First entry, empty archive, first part of a spanned one (APPNOTE 4.3.7, 4.3.16, 8.5.3). */
const ZIP_MAGICS = [0x04034b50, 0x06054b50, 0x08074b50];

/** Whether a block is a tar header by its checksum (POSIX.1 pax: the sum of its bytes, the field itself as spaces). */
function isTarHeader(block: Buffer): boolean {
  if (block.length < BLOCK_BYTES || block[0] === 0) return false;
  if (block.toString("latin1", 257, 262) === "ustar") return true;
  const told = Number.parseInt(block.toString("latin1", 148, 156).trim(), 8);
  return told === block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

async function gunzippedBlock(head: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let filled = 0;
  try {
    // In pieces of one block, so that the first is out before a wrong checksum at the end is noticed.
    const unzipped = pipeline(Readable.from([head]), createGunzip({ chunkSize: BLOCK_BYTES }), () => {});
    for await (const chunk of unzipped) {
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      filled += chunk.length;
      if (filled >= BLOCK_BYTES) break;
    }
  } catch {
    // The probe ends in the middle of the stream, or it is no gzip; what came out decides.
  }
  return Buffer.concat(chunks).subarray(0, BLOCK_BYTES);
}

function kindOfHead(head: Buffer): "zip" | "tar" | "gzip" | null {
  if (head.length >= 4 && ZIP_MAGICS.includes(head.readUInt32LE(0))) return "zip";
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return isTarHeader(head.subarray(0, BLOCK_BYTES)) ? "tar" : null;
}

/**
 * What kind of archive a file is, by its content and not its name; null for anything else, folders and pipes included.
 * A gzip counts when what it holds begins as a tar. Throws `file.not-found`, `file.unreadable`.
 */
export async function archiveKind(path: string): Promise<"zip" | "tar" | null> {
  const absolute = resolve(path);
  try {
    if (!(await stat(absolute)).isFile()) return null;
    const handle = await openForReading(absolute);
    try {
      const head = await readAt(handle, 0, GZIP_PROBE_BYTES);
      const kind = kindOfHead(head);
      if (kind !== "gzip") return kind;
      return isTarHeader(await gunzippedBlock(head)) ? "tar" : null;
    } finally {
      await closeRead(handle);
    }
  } catch (cause) {
    const shown = shownLocation({ path: absolute });
    const code = systemCode(cause);
    if (code === "ENOENT") throw readingError("file.not-found", `${shown} is not there.`, cause);
    throw readingError("file.unreadable", `${shown} cannot be read (${code}).`, cause);
  }
}

import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { getFileNameLowLevel } from "yauzl";
import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { SourceProblem } from "../../ports/photo-source.js";
import { closeRead } from "../close-read.js";
import { throwIfAborted } from "../until-aborted.js";
import { problemAt, systemCode } from "./archive-errors.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { type EntryKeys, shownName } from "./entry-name.js";
import { fileRange, readAt } from "./file-bytes.js";
import { inflated, zipBytes } from "./zip-bytes.js";
import { descriptorLength, type LocalHeader, readLocalHeader } from "./zip-local-header.js";
import { DEFLATED, isBomb, judgeZipEntry, type ZipRecord } from "./zip-record.js";

const DESCRIPTOR_FLAG = 0x8;
/** Entries of unknown length are often small sidecars: reading far past each would multiply the reading. */
const PROBE_BYTES = 64 * 1024;

/** What is known of an entry's bytes. */
export interface Extent {
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
}

/** How a recovery ended. */
export interface Recovery {
  /** Entries that were found complete and that the directory had not listed. */
  readonly recovered: number;
  /** The name of the entry where the archive breaks off, if that can be read. */
  readonly brokenAt: string | null;
}

/** Inflates to the end of the deflate stream, which alone tells where an entry without sizes ends; null if it breaks off. */
async function measure(
  handle: FileHandle,
  dataOffset: number,
  end: number,
  call: Call,
): Promise<Extent | null> {
  let sum = 0;
  let sizeBytes = 0;
  let compressedBytes = 0;
  const source = fileRange(handle, dataOffset, end, PROBE_BYTES);
  try {
    for await (const chunk of inflated(source, (consumed) => {
      compressedBytes = consumed;
    })) {
      throwIfAborted(call);
      sum = crc32(chunk, sum);
      sizeBytes += chunk.length;
      if (isBomb(sizeBytes, end - dataOffset)) return null;
    }
  } catch (error) {
    if (systemCode(error).startsWith("Z_")) return null;
    throw error;
  }
  return { crc32: sum, compressedBytes, sizeBytes };
}

/** Where the entry's bytes end and what they are, or null when the archive does not tell or breaks off before. */
async function extentOf(
  handle: FileHandle,
  header: LocalHeader,
  known: Extent | undefined,
  archive: ArchiveFile,
  call: Call,
): Promise<{ readonly extent: Extent; readonly end: number } | null> {
  const described = (header.flags & DESCRIPTOR_FLAG) !== 0;
  let extent = known ?? null;
  if (extent === null && described && header.method === DEFLATED && (header.flags & 1) === 0) {
    extent = await measure(handle, header.dataOffset, archive.sizeBytes, call);
  } else if (extent === null && !described) {
    extent = header;
  }
  if (extent === null) return null;
  const dataEnd = header.dataOffset + extent.compressedBytes;
  if (dataEnd > archive.sizeBytes) return null;
  if (!described) return { extent, end: dataEnd };
  const descriptor = await descriptorLength(handle, dataEnd, extent);
  return descriptor === null ? null : { extent, end: dataEnd + descriptor };
}

/** Reads a found entry once, so that only proven ones are offered. */
async function proven(
  archive: ArchiveFile,
  record: ZipRecord,
  call: Call,
): Promise<ZipRecord | SourceProblem> {
  try {
    for await (const _ of zipBytes(archive, record, call));
    return record;
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.code === "cancelled") throw error;
    return problemAt({ path: archive.path, entry: record.entry }, error);
  }
}

async function* scan(
  handle: FileHandle,
  archive: ArchiveFile,
  listed: ReadonlyMap<number, Extent>,
  keys: EntryKeys,
  call: Call,
): AsyncGenerator<ZipRecord | SourceProblem, Recovery> {
  let offset = 0;
  let recovered = 0;
  for (;;) {
    throwIfAborted(call);
    const header = await readLocalHeader(handle, offset);
    if (header === null) return { recovered, brokenAt: null };
    const name = getFileNameLowLevel(header.flags, header.nameRaw, [...header.extraFields], true);
    const known = listed.get(offset);
    const found = await extentOf(handle, header, known, archive, call);
    if (found === null) return { recovered, brokenAt: shownName(name) };
    if (known === undefined) {
      const { crc32: sum, compressedBytes, sizeBytes } = found.extent;
      const facts = {
        ...header,
        name,
        crc32: sum,
        compressedBytes,
        sizeBytes,
        headerOffset: offset,
        mode: 0,
      };
      const judged = judgeZipEntry(archive, facts, keys);
      const outcome = judged?.kind === "record" ? await proven(archive, judged, call) : judged;
      if (outcome?.kind === "record") recovered += 1;
      if (outcome !== null) yield outcome;
    }
    offset = found.end;
  }
}

/**
 * What can be had of a zip whose directory is lost or broken: walks the local headers from the start and yields each
 * entry that is complete and whose CRC-32 is right, and the problems of the others, except those in `listed` (by header
 * offset). Reads the archive once through. Stops where the chain of entries breaks: searching on for a signature would
 * take the entries of a zip inside the zip for its own. Throws `file.changed-while-read`, `cancelled`, `archive.unreadable`.
 */
export async function* recoverZip(
  archive: ArchiveFile,
  listed: ReadonlyMap<number, Extent>,
  keys: EntryKeys,
  call: Call,
): AsyncGenerator<ZipRecord | SourceProblem, Recovery> {
  const handle = await openArchive(archive);
  try {
    return yield* scan(handle, archive, listed, keys, call);
  } finally {
    await closeRead(handle);
  }
}

/** End of central directory record: 22 bytes and a comment of at most 65,535 (APPNOTE 4.3.16). */
const END_RECORD = Buffer.from([0x50, 0x4b, 5, 6]);
const END_RECORD_BYTES = 22;
const END_RECORD_REACH = END_RECORD_BYTES + 0xffff;

function holdsEndRecord(tail: Buffer): boolean {
  const at = tail.lastIndexOf(END_RECORD);
  if (at < 0 || at + END_RECORD_BYTES > tail.length) return false;
  return at + END_RECORD_BYTES + tail.readUInt16LE(at + 20) <= tail.length;
}

/** What the two ends of a zip show when its directory cannot be read: whether it begins with an entry, and has an end record. */
export async function looksOfZip(
  archive: ArchiveFile,
): Promise<{ readonly begins: boolean; readonly ends: boolean }> {
  const handle = await openArchive(archive);
  try {
    const head = await readAt(handle, 0, 4);
    const tail = await readAt(handle, Math.max(0, archive.sizeBytes - END_RECORD_REACH), END_RECORD_REACH);
    return { begins: head.equals(Buffer.from([0x50, 0x4b, 3, 4])), ends: holdsEndRecord(tail) };
  } finally {
    await closeRead(handle);
  }
}

import type { FileHandle } from "node:fs/promises";
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import type { Call } from "../../ports/call.js";
import type { SourceProblem } from "../../ports/photo-source.js";
import { closeRead } from "../close-read.js";
import { throwIfAborted } from "../until-aborted.js";
import { problem, shownLocation } from "./archive-errors.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { EntryKeys } from "./entry-name.js";
import { readAt } from "./file-bytes.js";
import { CENTRAL_HEADER, LOCAL_HEADER } from "./zip-local-header.js";
import { HandleReader } from "./zip-random-access.js";
import { judgeZipEntry, type ZipFacts, type ZipRecord } from "./zip-record.js";
import { type Extent, looksOfZip, recoverZip } from "./zip-recovery.js";

/** Systems of "version made by" whose upper attributes are a Unix mode (APPNOTE 4.4.2): Unix and OS X. */
const UNIX_SYSTEMS = [3, 19];

function factsOf(entry: Entry): ZipFacts {
  const unix = UNIX_SYSTEMS.includes(entry.versionMadeBy >>> 8);
  return {
    name: getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true),
    flags: entry.generalPurposeBitFlag,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    compressedBytes: entry.compressedSize,
    sizeBytes: entry.uncompressedSize,
    headerOffset: entry.relativeOffsetOfLocalHeader,
    mode: unix ? entry.externalFileAttributes >>> 16 : 0,
    extraFields: entry.extraFields,
  };
}

/**
 * How many times its own size an archive's entries may claim together. Bombs let thousands of entries share the same bytes;
 * a little room keeps one wrong size from condemning the entries after it.
 */
const OVERLAP_TOLERANCE = 4;

/** Why a directory could not be read to its end. */
interface Fault {
  readonly cause: unknown;
}

/**
 * Whether the directory went on after its last counted entry, or was never where the end record says. Writers without
 * ZIP64 count entries modulo 65,536; what they do not count would be missed without a word.
 */
async function miscounted(handle: FileHandle, zip: ZipFile): Promise<Fault | null> {
  // The published types call this offset a boolean.
  const places = [Number(zip.readEntryCursor), ...(zip.entryCount === 0 ? [0] : [])];
  for (const place of places) {
    const next = await readAt(handle, place, 4);
    if (next.length === 4 && [CENTRAL_HEADER, LOCAL_HEADER].includes(next.readUInt32LE(0))) {
      return { cause: new Error("the directory holds more entries than it counts") };
    }
  }
  return null;
}

async function* directoryEntries(zip: ZipFile): AsyncGenerator<Entry, Fault | null> {
  const entries = zip.eachEntry();
  for (;;) {
    let step: IteratorResult<Entry>;
    try {
      step = await entries.next();
    } catch (cause) {
      return { cause };
    }
    if (step.done === true) return null;
    yield step.value;
  }
}

async function* listed(
  archive: ArchiveFile,
  extents: Map<number, Extent>,
  keys: EntryKeys,
  call: Call,
): AsyncGenerator<ZipRecord | SourceProblem, Fault | null> {
  const handle = await openArchive(archive);
  try {
    // Names as bytes and sizes as they stand: yauzl would give up the whole archive for one bad entry.
    const options = { decodeStrings: false, validateEntrySizes: false, autoClose: false };
    const reader = new HandleReader(handle);
    const zip = await fromRandomAccessReaderPromise(reader, archive.sizeBytes, options).catch(
      (cause: unknown): Fault => ({ cause }),
    );
    if ("cause" in zip) return zip;
    let claimedBytes = 0;
    const entries = directoryEntries(zip);
    for (;;) {
      const step = await entries.next();
      if (step.done === true) return step.value ?? (await miscounted(handle, zip));
      throwIfAborted(call);
      const facts = factsOf(step.value);
      const fits = facts.headerOffset + facts.compressedBytes <= archive.sizeBytes;
      if (fits) claimedBytes += facts.compressedBytes;
      if (claimedBytes > OVERLAP_TOLERANCE * archive.sizeBytes) {
        const location = { path: archive.path, entry: facts.name };
        const message = `${shownLocation(location)} shares its bytes with other entries of the archive: not expanded.`;
        yield problem(location, "archive.too-large", message);
        continue;
      }
      extents.set(facts.headerOffset, facts);
      const judged = judgeZipEntry(archive, facts, keys);
      if (judged !== null) yield judged;
    }
  } finally {
    await closeRead(handle);
  }
}

/**
 * Every entry of a zip that can be read, as its central directory lists them (ZIP64 too), and a problem for each that
 * cannot. When the directory is lost or breaks off, what the local headers still tell is added and one problem of the
 * whole archive follows: `archive.truncated`, `archive.unreadable`, `archive.not-an-archive`. Throws `cancelled`,
 * `file.changed-while-read`, `archive.unreadable` when the archive cannot be opened at all.
 */
export async function* zipRecords(
  archive: ArchiveFile,
  call: Call,
): AsyncGenerator<ZipRecord | SourceProblem, void> {
  const extents = new Map<number, Extent>();
  const keys = new EntryKeys();
  const fault = yield* listed(archive, extents, keys, call);
  if (fault === null) return;
  const location = { path: archive.path };
  const shown = shownLocation(location);
  const looks = await looksOfZip(archive);
  if (!looks.begins && extents.size === 0) {
    yield problem(location, "archive.not-an-archive", `${shown} is not a zip archive.`, fault.cause);
    return;
  }
  const { recovered, brokenAt } = yield* recoverZip(archive, extents, keys, call);
  const saved = `${recovered} complete files were recovered from it`;
  const lost = brokenAt === null ? "what came after them is lost" : `from ${brokenAt} on it is lost`;
  yield looks.ends
    ? problem(
        location,
        "archive.unreadable",
        `${shown} has a damaged directory: ${saved}; ${lost}.`,
        fault.cause,
      )
    : problem(location, "archive.truncated", `${shown} is cut off: ${saved}; ${lost}.`, fault.cause);
}

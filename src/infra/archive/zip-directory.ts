import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from "yauzl";
import type { Call } from "../../ports/call.js";
import type { SourceProblem } from "../../ports/photo-source.js";
import { throwIfAborted } from "../until-aborted.js";
import { problem, shownLocation } from "./archive-errors.js";
import { type ArchiveFile, openArchive } from "./archive-file.js";
import { EntryKeys } from "./entry-name.js";
import { readAt } from "./file-bytes.js";
import { CENTRAL_HEADER } from "./zip-local-header.js";
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

/** Why a directory could not be read to its end. */
interface Fault {
  readonly cause: unknown;
}

/** Writers without ZIP64 count entries modulo 65,536; the surplus ones would be missed without a word. */
async function countedShort(archive: ArchiveFile, zip: ZipFile): Promise<Fault | null> {
  const handle = await openArchive(archive);
  try {
    // The published types call this offset a boolean.
    const next = await readAt(handle, Number(zip.readEntryCursor), 4);
    if (next.length < 4 || next.readUInt32LE(0) !== CENTRAL_HEADER) return null;
    return { cause: new Error("the directory holds more entries than it counts") };
  } finally {
    await handle.close();
  }
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
  let zip: ZipFile;
  try {
    // Names as bytes and sizes as they stand: yauzl would give up the whole archive for one bad entry.
    zip = await openPromise(archive.path, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
  } catch (cause) {
    return { cause };
  }
  zip.on("error", () => {});
  try {
    let claimedBytes = 0;
    const entries = directoryEntries(zip);
    for (;;) {
      const step = await entries.next();
      if (step.done === true) return step.value ?? (await countedShort(archive, zip));
      throwIfAborted(call);
      const facts = factsOf(step.value);
      claimedBytes += facts.compressedBytes;
      if (claimedBytes > archive.sizeBytes) {
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
    zip.close();
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

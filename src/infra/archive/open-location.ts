import { resolve } from "node:path";
import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { Location } from "../../domain/photo.js";
import type { Call } from "../../ports/call.js";
import { untilAborted } from "../until-aborted.js";
import { readingError, shownLocation } from "./archive-errors.js";
import { type ArchiveFile, statArchive } from "./archive-file.js";
import { fileBytes } from "./file-stream.js";
import { archiveKind } from "./sniff-archive.js";
import { tarEntries } from "./tar-entries.js";
import { zipBytes } from "./zip-bytes.js";
import { zipRecords } from "./zip-directory.js";
import type { ZipRecord } from "./zip-record.js";

/** A wanted entry of a tar as its stream passes. */
export interface TarEntryBytes {
  /** As in `Location.entry`. */
  readonly entry: string;
  /** The bytes, once, before the next entry is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

/** Reads again what discover has found. Holds the directories of a few zips in memory, and no file open. */
export interface LocationReader {
  /** True for a tar, whose entries can only be had in one pass. False for any other file and for one that is not there. */
  isStreamed(path: string): Promise<boolean>;
  /**
   * The bytes of a file, or of an archive's entry, as `openLocation`; many entries of one zip cost one reading of its
   * directory.
   */
  open(location: Location, call: Call): AsyncIterable<Uint8Array>;
  /** As `openTarLocations`, for a path as documents hold it. */
  openTar(path: string, wanted: ReadonlySet<string>, call: Call): AsyncIterable<TarEntryBytes>;
}

interface Directory {
  readonly archive: ArchiveFile;
  readonly records: ReadonlyMap<string, ZipRecord>;
  readonly failures: ReadonlyMap<string | undefined, Failure>;
}

/** A directory takes some 300 bytes an entry: these many parts of 50 GB stay below 100 MB. */
const KEPT_DIRECTORIES = 4;

const thrown = (failure: Failure): PhotosyncError =>
  new PhotosyncError({ kind: "partial", code: failure.code, message: failure.message, next: [failure.hint] });

const notInside = (path: string, entry: string): PhotosyncError =>
  readingError("file.not-found", `${shownLocation({ path, entry })} is not in the archive (any more).`);

async function readDirectory(archive: ArchiveFile, call: Call): Promise<Directory> {
  const records = new Map<string, ZipRecord>();
  const failures = new Map<string | undefined, Failure>();
  for await (const found of zipRecords(archive, call)) {
    if (found.kind === "record") records.set(found.entry, found);
    else failures.set(found.location.entry, found.failure);
  }
  return { archive, records, failures };
}

/**
 * The entries of a tar that are in `wanted` (values of `Location.entry`), in one pass and in the archive's order. The pass
 * ends after the last of them; those it does not hold are left out. Throws what makes the whole archive unreadable
 * (`archive.truncated`, `archive.wrong-crc`, `archive.unreadable`, `file.not-found`), and `cancelled`.
 */
export async function* openTarLocations(
  archivePath: string,
  wanted: ReadonlySet<string>,
  call: Call,
): AsyncGenerator<TarEntryBytes, void, void> {
  let missing = wanted.size;
  if (missing === 0) return;
  for await (const found of tarEntries(archivePath, call)) {
    const { entry } = found.location;
    if (entry === undefined) {
      if (found.kind === "problem") throw thrown(found.failure);
    } else if (found.kind === "entry" && wanted.has(entry)) {
      yield { entry, open: () => found.open() };
      missing -= 1;
      if (missing === 0) return;
    }
  }
}

async function* tarEntryBytes(path: string, entry: string, call: Call): AsyncGenerator<Uint8Array> {
  for await (const found of openTarLocations(path, new Set([entry]), call)) {
    yield* found.open();
    return;
  }
  throw notInside(path, entry);
}

/** A reader whose relative paths are relative to `libraryRoot`. It may be used by many at once. */
export function locationReader(libraryRoot: string): LocationReader {
  const kept = new Map<string, { readonly archive: ArchiveFile; readonly directory: Promise<Directory> }>();

  async function directoryOf(path: string, call: Call): Promise<Directory> {
    const archive = await statArchive(path);
    const known = kept.get(path);
    kept.delete(path);
    const same = known?.archive.sizeBytes === archive.sizeBytes && known.archive.mtimeMs === archive.mtimeMs;
    const current =
      same && known !== undefined ? known : { archive, directory: readDirectory(archive, call) };
    // Put last: the first of the map is the one unused for longest.
    kept.set(path, current);
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT_DIRECTORIES && oldest !== undefined) kept.delete(oldest);
    try {
      return await current.directory;
    } catch (error) {
      if (kept.get(path) === current) kept.delete(path);
      const othersAbort =
        error instanceof PhotosyncError && error.code === "cancelled" && !call.signal.aborted;
      if (othersAbort) return directoryOf(path, call);
      throw error;
    }
  }

  async function* zipEntryBytes(path: string, entry: string, call: Call): AsyncGenerator<Uint8Array> {
    const { archive, records, failures } = await directoryOf(path, call);
    const record = records.get(entry);
    if (record !== undefined) {
      yield* zipBytes(archive, record, call);
      return;
    }
    const failure = failures.get(entry) ?? failures.get(undefined);
    throw failure === undefined ? notInside(path, entry) : thrown(failure);
  }

  async function* entryBytes(path: string, entry: string, call: Call): AsyncGenerator<Uint8Array> {
    const kind = await archiveKind(path);
    if (kind === null) {
      throw readingError(
        "archive.not-an-archive",
        `${shownLocation({ path })} is not an archive (any more).`,
      );
    }
    yield* kind === "zip" ? zipEntryBytes(path, entry, call) : tarEntryBytes(path, entry, call);
  }

  return {
    isStreamed: async (path) => (await archiveKind(resolve(libraryRoot, path)).catch(() => null)) === "tar",
    open: ({ path, entry }, call) => {
      const absolute = resolve(libraryRoot, path);
      if (entry === undefined) return fileBytes(absolute, call);
      return untilAborted(entryBytes(absolute, entry, call), call);
    },
    openTar: (path, wanted, call) => openTarLocations(resolve(libraryRoot, path), wanted, call),
  };
}

/**
 * The bytes at a location: a file's, or an archive's entry's. Relative paths are relative to `libraryRoot`. To read many
 * use `locationReader`, and for tars its `openTar`: here each call looks through the archive anew. Throws `file.not-found`
 * (with what to do), `file.unreadable`, `file.changed-while-read`, `archive.not-an-archive`, whatever is wrong with the entry or
 * its archive, `cancelled`.
 */
export const openLocation = (
  location: Location,
  libraryRoot: string,
  call: Call,
): AsyncIterable<Uint8Array> => locationReader(libraryRoot).open(location, call);

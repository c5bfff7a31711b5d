import type { Call } from "../../ports/call.js";
import type { SourceEntry, SourceProblem } from "../../ports/photo-source.js";
import { throwIfAborted } from "../until-aborted.js";
import { type ArchiveFile, statArchive } from "./archive-file.js";
import { orProblem } from "./or-problem.js";
import { zipBytes } from "./zip-bytes.js";
import { zipRecords } from "./zip-directory.js";
import type { ZipRecord } from "./zip-record.js";

const entryOf = (archive: ArchiveFile, record: ZipRecord, call: Call): SourceEntry => ({
  kind: "entry",
  location: { path: archive.path, entry: record.entry },
  name: record.name,
  sizeBytes: record.sizeBytes,
  stamp: [
    "zip",
    archive.sizeBytes,
    archive.mtimeMs,
    record.crc32.toString(16),
    record.sizeBytes,
    record.headerOffset,
  ].join(":"),
  ...(record.modifiedAt === undefined ? {} : { modifiedAt: record.modifiedAt }),
  open: () => zipBytes(archive, record, call),
});

async function* entries(archivePath: string, call: Call): AsyncGenerator<SourceEntry | SourceProblem> {
  const archive = await statArchive(archivePath);
  for await (const found of zipRecords(archive, call)) {
    throwIfAborted(call);
    yield found.kind === "record" ? entryOf(archive, found, call) : found;
  }
}

/**
 * The files in a zip, folders left out, in the order of its directory. Entries may be opened at any time, several times
 * and in parallel, during the iteration and after it; each open stream holds one file handle and nothing else does. Of
 * entries with one name all are given: the second has `location.entry` `name\2`, which `openLocation` understands.
 *
 * What cannot be read comes as a problem while the rest goes on: `archive.encrypted`, `archive.unsupported-compression`,
 * `archive.unsafe-name`, `archive.link`, `archive.too-large` and, from `open`, `archive.wrong-crc` of one entry;
 * `archive.truncated` (the complete entries before the cut are still given, after their CRC was proven), `archive.unreadable`,
 * `archive.not-an-archive`, `file.not-found`, `file.not-regular`, `file.changed-while-read` of the whole. Throws only `cancelled`.
 */
export const zipEntries = (archivePath: string, call: Call): AsyncIterable<SourceEntry | SourceProblem> =>
  orProblem(archivePath, entries(archivePath, call));

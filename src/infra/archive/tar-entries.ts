import type { Header } from "tar-stream";
import type { Location } from "../../domain/photo.js";
import type { Call } from "../../ports/call.js";
import type { SourceEntry, SourceProblem } from "../../ports/photo-source.js";
import { untilAborted } from "../until-aborted.js";
import { problem, shownLocation, systemCode } from "./archive-errors.js";
import { type ArchiveFile, statArchive } from "./archive-file.js";
import { EntryKeys, plainName, unsafeName } from "./entry-name.js";
import { orProblem } from "./or-problem.js";
import { PassingEntry } from "./passing-entry.js";
import { openTar, type TarFault } from "./tar-stream-source.js";
import { isBomb } from "./zip-record.js";

/** GNU's sparse files in PAX form hold a map before the bytes (GNU tar manual, "Storing Sparse Files"). */
const isSparse = (header: Header): boolean =>
  typeof header.pax === "object" &&
  header.pax !== null &&
  Object.keys(header.pax).some((key) => key.startsWith("GNU.sparse."));

/** What is wrong with an entry before any of its bytes is read, or null. */
function problemOf(archive: ArchiveFile, location: Location, header: Header): SourceProblem | null {
  const shown = shownLocation(location);
  const unsafe = unsafeName(header.name);
  if (unsafe !== null)
    return problem(location, "archive.unsafe-name", `${shown}: the name is refused: ${unsafe}.`);
  // The parser leaves the type empty where it does not know it, whatever its published types say.
  const type: string | null = header.type;
  if (type === null || isSparse(header)) {
    return problem(
      location,
      "archive.unsupported-entry",
      `${shown} is kept in a form that photosync does not know.`,
    );
  }
  if (type !== "file" && type !== "contiguous-file") {
    return problem(location, "archive.link", `${shown} is a link or device, not a plain file.`);
  }
  if (isBomb(header.size, archive.sizeBytes)) {
    const message = `${shown} claims ${header.size} bytes, far more than its archive can hold: not expanded.`;
    return problem(location, "archive.too-large", message);
  }
  return null;
}

function entryOf(
  archive: ArchiveFile,
  location: Location,
  header: Header,
  position: number,
  passing: PassingEntry,
  call: Call,
): SourceEntry {
  const sizeBytes = header.size;
  const modifiedMs = header.mtime.getTime();
  // Writers that do not know the time leave zero.
  const dated = modifiedMs > 0 && modifiedMs <= 8.64e15;
  return {
    kind: "entry",
    location,
    name: plainName(header.name),
    sizeBytes,
    stamp: ["tar", archive.sizeBytes, archive.mtimeMs, position, sizeBytes, header.name].join(":"),
    ...(dated ? { modifiedAt: new Date(modifiedMs).toISOString() } : {}),
    streamed: true,
    open: () => untilAborted(passing.bytes(), call),
  };
}

function endOf(archive: ArchiveFile, fault: TarFault | null, broken: { readonly cause: unknown } | null) {
  const location = { path: archive.path };
  const shown = shownLocation(location);
  if (fault?.kind === "source") {
    const code = systemCode(fault.cause);
    return code.startsWith("Z_")
      ? problem(
          location,
          "archive.wrong-crc",
          `${shown} is damaged: files near the damage may be, too.`,
          fault.cause,
        )
      : problem(location, "archive.unreadable", `${shown} cannot be read on (${code}).`, fault.cause);
  }
  if (fault?.kind === "cut") {
    return problem(
      location,
      "archive.truncated",
      `${shown} is cut off: what came after is lost.`,
      fault.cause,
    );
  }
  if (broken === null) return null;
  return problem(
    location,
    "archive.unreadable",
    `${shown} holds something that is no tar: what came after is lost.`,
    broken.cause,
  );
}

async function* entries(archivePath: string, call: Call): AsyncGenerator<SourceEntry | SourceProblem> {
  const archive = await statArchive(archivePath);
  const { tar, fault } = await openTar(archive);
  const keys = new EntryKeys();
  let broken: { readonly cause: unknown } | null = null;
  try {
    const streams = tar[Symbol.asyncIterator]();
    for (let position = 0; ; position += 1) {
      const step = await streams.next().catch((cause: unknown) => {
        broken = { cause };
        return { done: true, value: undefined } as const;
      });
      if (step.done === true) break;
      const { header } = step.value;
      const location = { path: archive.path, entry: "" };
      const passing = new PassingEntry(step.value, shownLocation({ ...location, entry: header.name }));
      // Old writers mark a folder by its slash alone.
      if (header.type !== "directory" && !header.name.endsWith("/")) {
        location.entry = keys.next(header.name);
        const wrong = problemOf(archive, location, header);
        yield wrong ?? entryOf(archive, location, header, position, passing, call);
      }
      // A folder has no bytes, whatever size it gives (POSIX.1 pax: room to set aside for it); its stream would never end.
      if (header.type !== "directory") await passing.pass();
    }
  } finally {
    tar.destroy();
    // The file is closed when its reader has ended.
    await fault;
  }
  const end = endOf(archive, await fault, broken);
  if (end !== null) yield end;
}

/**
 * The files in a .tar, .tgz or .tar.gz (told by content), folders left out, in one pass over the stream. PAX and GNU long
 * names are understood. An entry may be opened once, before the next one is asked for; unopened ones are skipped. Opened
 * later or again, its stream throws `archive.passed-by`. Second entries of one name get `location.entry` `name\2`.
 *
 * What cannot be read comes as a problem while the rest goes on: `archive.unsafe-name`, `archive.link`,
 * `archive.unsupported-entry` (sparse files), `archive.too-large` of one entry; `archive.truncated` (also thrown from the
 * stream of the entry that is cut), `archive.wrong-crc`, `archive.unreadable`, `file.not-found`, `file.not-regular` of the
 * whole, once, after all that had come through. Throws only `cancelled`.
 */
export const tarEntries = (archivePath: string, call: Call): AsyncIterable<SourceEntry | SourceProblem> =>
  untilAborted(orProblem(archivePath, entries(archivePath, call)), call);

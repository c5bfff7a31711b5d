import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { failureOf, PhotosyncError } from "../../domain/errors.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Finding, PhotoSource, SourceEntry, SourceProblem } from "../../ports/photo-source.js";
import { groupTakeout } from "./group-takeout.js";
import { isJsonRecord } from "./json-value.js";
import { missingPartNotes } from "./part-names.js";

type Entries = AsyncIterable<SourceEntry | SourceProblem>;

/** How archives and folders are read; given in, so that understanding an export needs none of it. */
export interface TakeoutReaders {
  zip(archivePath: string, call: Call): Entries;
  tar(archivePath: string, call: Call): Entries;
  folder(
    root: string,
    options: {
      readonly include: readonly string[];
      readonly exclude: readonly string[];
      readonly hidden: boolean;
    },
    call: Call,
  ): Entries;
  kindOf(path: string): Promise<"zip" | "tar" | null>;
}

export interface TakeoutOptions {
  readonly service: string;
  /** Absolute paths of archives or unpacked folders, in any order and of any number of exports. */
  readonly parts: readonly string[];
  readonly readers: TakeoutReaders;
}

/**
 * Google Takeout as a source: all parts together, unextracted. Entries come sorted by part name; a part that is gone,
 * or is no archive, becomes a problem (`takeout.part-missing`, `takeout.not-an-archive`) and the others are still read.
 * Entries of an unpacked folder are named from that folder's own name on, which may be a year's.
 */
export function takeoutSource({ service, parts, readers }: TakeoutOptions): PhotoSource {
  const sorted = [...new Set(parts)].sort((a, b) => byText(basename(a), basename(b)) || byText(a, b));
  return {
    service,
    arrivedAt,
    async *entries(call) {
      for (const part of sorted) {
        throwIfAborted(call);
        yield* partEntries(part, sorted, readers, call);
      }
    },
    async *group(examined, readSmall, call) {
      yield* groupTakeout(service, examined, readSmall, call);
      for (const message of missingPartNotes(partNames(sorted, examined))) yield { kind: "note", message };
    },
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Parts are named by the paths given, and inside a folder that holds several unpacked ones, by the folders there. */
function* partNames(
  parts: readonly string[],
  examined: readonly { readonly name: string }[],
): Iterable<string> {
  for (const part of parts) yield basename(part);
  for (const { name } of examined) {
    const [first, second] = name.split("/", 2);
    if (first !== undefined) yield first;
    if (second !== undefined) yield second;
  }
}

async function* partEntries(
  part: string,
  parts: readonly string[],
  readers: TakeoutReaders,
  call: Call,
): Entries {
  try {
    const kind = (await stat(part)).isDirectory() ? "folder" : await readers.kindOf(part);
    if (kind === "zip") yield* readers.zip(part, call);
    else if (kind === "tar") yield* readers.tar(part, call);
    else if (kind === "folder") yield* folderPart(part, parts, readers, call);
    else yield problem(part, notAnArchive(part));
  } catch (error) {
    if (error instanceof PhotosyncError || !isAbsent(error)) throw error;
    yield problem(part, partMissing(part));
  }
}

async function* folderPart(
  part: string,
  parts: readonly string[],
  readers: TakeoutReaders,
  call: Call,
): Entries {
  const prefix = nameAmong(part, parts);
  for await (const entry of readers.folder(part, { include: [], exclude: [], hidden: true }, call)) {
    yield entry.kind === "entry" ? { ...entry, name: `${prefix}/${entry.name}` } : entry;
  }
}

/** The folder's name, with as much of its path as sets it apart from the other parts. */
function nameAmong(part: string, parts: readonly string[]): string {
  const rivals = parts.filter((other) => other !== part && basename(other) === basename(part));
  const name = basename(part).normalize("NFC");
  if (rivals.length === 0 || dirname(part) === part) return name;
  return `${nameAmong(dirname(part), rivals.map(dirname))}/${name}`;
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const problem = (part: string, error: PhotosyncError): SourceProblem => ({
  kind: "problem",
  location: { path: part },
  failure: failureOf(part, error),
});

const partMissing = (part: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "takeout.part-missing",
    message: `${part} is not there.`,
    next: ["Put the part back, or name the place where it is now, and discover again."],
  });

const notAnArchive = (part: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "takeout.not-an-archive",
    message: `${part} is neither a zip nor a tar archive; a download that broke off can look like this.`,
    next: ["Download this part again from takeout.google.com, and discover again."],
  });

/** `creationTime` of a sidecar is when the photo came to Google; the latest one of all instances is told. */
function arrivedAt(finding: Finding): string | undefined {
  const versions = [finding, ...finding.variants];
  return versions
    .flatMap(({ instances }) => instances)
    .flatMap(({ record }) => {
      const created = record?.raw["creationTime"];
      const seconds = isJsonRecord(created) ? Number(created["timestamp"]) : Number.NaN;
      const moment = new Date(seconds * 1000);
      return seconds > 0 && !Number.isNaN(moment.getTime()) ? [moment.toISOString()] : [];
    })
    .sort()
    .at(-1);
}

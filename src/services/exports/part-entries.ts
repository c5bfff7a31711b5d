import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { failureOf, PhotosyncError } from "../../domain/errors.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { SourceEntry, SourceProblem } from "../../ports/photo-source.js";

type Entries = AsyncIterable<SourceEntry | SourceProblem>;

/** How archives and folders are read; given in, so that understanding an export needs none of it. */
export interface ExportReaders {
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

/** What a service says of parts that cannot be read. */
export interface PartErrors {
  missing(part: string): PhotosyncError;
  notAnArchive(part: string): PhotosyncError;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The parts of an export, each once, sorted by name. */
export const sortedParts = (parts: readonly string[]): readonly string[] =>
  [...new Set(parts)].sort((a, b) => byText(basename(a), basename(b)) || byText(a, b));

/**
 * The streams of all parts of an export, unextracted, in the order of the parts given. A part that is gone, or is no
 * archive, becomes a problem and the others are still read. Entries of an unpacked folder are named from that folder's own
 * name on. Throws `cancelled`, and what the readers throw.
 */
export async function* partEntries(
  parts: readonly string[],
  readers: ExportReaders,
  errors: PartErrors,
  call: Call,
): Entries {
  for (const part of parts) {
    throwIfAborted(call);
    yield* entriesOf(part, parts, readers, errors, call);
  }
}

async function* entriesOf(
  part: string,
  parts: readonly string[],
  readers: ExportReaders,
  errors: PartErrors,
  call: Call,
): Entries {
  try {
    const kind = (await stat(part)).isDirectory() ? "folder" : await readers.kindOf(part);
    if (kind === "zip") yield* readers.zip(part, call);
    else if (kind === "tar") yield* readers.tar(part, call);
    else if (kind === "folder") yield* folderPart(part, parts, readers, call);
    else yield problem(part, errors.notAnArchive(part));
  } catch (error) {
    if (error instanceof PhotosyncError || !isAbsent(error)) throw error;
    yield problem(part, errors.missing(part));
  }
}

async function* folderPart(
  part: string,
  parts: readonly string[],
  readers: ExportReaders,
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

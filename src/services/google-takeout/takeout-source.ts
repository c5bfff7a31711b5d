import { basename } from "node:path";
import { PhotosyncError } from "../../domain/errors.js";
import { isJsonRecord } from "../../infra/json-value.js";
import type { Finding, PhotoSource } from "../../ports/photo-source.js";
import { type ExportReaders, type PartErrors, partEntries, sortedParts } from "../exports/part-entries.js";
import { groupTakeout } from "./group-takeout.js";
import { missingPartNotes } from "./part-names.js";

export interface TakeoutOptions {
  readonly service: string;
  /** Absolute paths of archives or unpacked folders, in any order and of any number of exports. */
  readonly parts: readonly string[];
  readonly readers: ExportReaders;
}

/**
 * Google Takeout as a source: all parts together, unextracted. Entries come sorted by part name; a part that is gone,
 * or is no archive, becomes a problem (`takeout.part-missing`, `takeout.not-an-archive`) and the others are still read.
 * Entries of an unpacked folder are named from that folder's own name on, which may be a year's.
 */
export function takeoutSource({ service, parts, readers }: TakeoutOptions): PhotoSource {
  const sorted = sortedParts(parts);
  return {
    service,
    arrivedAt,
    entries: (call) => partEntries(sorted, readers, PART_ERRORS, call),
    async *group(examined, readSmall, call) {
      yield* groupTakeout(service, examined, readSmall, call);
      for (const message of missingPartNotes(partNames(sorted, examined))) yield { kind: "note", message };
    },
  };
}

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

const PART_ERRORS: PartErrors = {
  missing: (part) =>
    new PhotosyncError({
      kind: "user",
      code: "takeout.part-missing",
      message: `${part} is not there.`,
      next: ["Put the part back, or name the place where it is now, and discover again."],
    }),
  notAnArchive: (part) =>
    new PhotosyncError({
      kind: "user",
      code: "takeout.not-an-archive",
      message: `${part} is neither a zip nor a tar archive; a download that broke off can look like this.`,
      next: ["Download this part again from takeout.google.com, and discover again."],
    }),
};

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

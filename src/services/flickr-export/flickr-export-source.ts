import { PhotosyncError } from "../../domain/errors.js";
import type { Finding, PhotoSource } from "../../ports/photo-source.js";
import { type ExportReaders, type PartErrors, partEntries, sortedParts } from "../exports/part-entries.js";
import { groupExport } from "./group-export.js";
import { importedAt } from "./photo-facts.js";

export interface FlickrExportOptions {
  /** The account's name in `config/services.json`: the very instances that the account itself shows. */
  readonly service: string;
  /** Absolute paths of archives or unpacked folders, account data and media together, in any order. */
  readonly parts: readonly string[];
  readonly readers: ExportReaders;
}

/**
 * Flickr's account data export ("Request my Flickr data") as a source: all parts together, unextracted. A part that is gone,
 * or is no archive, becomes a problem (`flickr-export.part-missing`, `flickr-export.not-an-archive`) and the others are
 * still read.
 */
export function flickrExportSource({ service, parts, readers }: FlickrExportOptions): PhotoSource {
  const sorted = sortedParts(parts);
  return {
    service,
    arrivedAt,
    entries: (call) => partEntries(sorted, readers, PART_ERRORS, call),
    group: (examined, readSmall, call) => groupExport(service, examined, readSmall, call),
  };
}

/** The latest upload among the photo's instances. */
function arrivedAt({ instances, variants }: Finding): string | undefined {
  return [...instances, ...variants.flatMap((variant) => variant.instances)]
    .flatMap(({ record }) => (record === null ? [] : (importedAt(record.raw) ?? [])))
    .sort()
    .at(-1);
}

const PART_ERRORS: PartErrors = {
  missing: (part) =>
    new PhotosyncError({
      kind: "user",
      code: "flickr-export.part-missing",
      message: `${part} is not there.`,
      next: ["Put the part back, or name the place where it is now, and discover again."],
    }),
  notAnArchive: (part) =>
    new PhotosyncError({
      kind: "user",
      code: "flickr-export.not-an-archive",
      message: `${part} is no zip archive; a download that broke off can look like this.`,
      next: ["Download this part again from flickr.com/account, and discover again."],
    }),
};

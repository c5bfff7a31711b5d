import { failureOf, PhotosyncError } from "../../domain/errors.js";
import type { Location } from "../../domain/photo.js";
import type { SourceProblem } from "../../ports/photo-source.js";
import { shownName } from "./entry-name.js";

const DOWNLOAD_AGAIN = "Download this archive again and run discover on it; what could be read is kept.";
const READ_IN_ORDER = "This is a defect of photosync: please report it with the output of --verbose.";

/** What to do about each thing that can be wrong with an archive or a file; the keys are the stable codes. */
const NEXT = {
  "archive.truncated": DOWNLOAD_AGAIN,
  "archive.encrypted": "Unpack the archive with its password and run discover on the folder.",
  "archive.unsupported-compression":
    "Unpack the archive with the program that made it and run discover on the folder.",
  "archive.unsupported-entry":
    "Unpack the archive with the program that made it and run discover on the folder.",
  "archive.not-an-archive":
    "Check that the file is the zip or tgz that was downloaded, not a web page saved in its place.",
  "archive.wrong-crc": DOWNLOAD_AGAIN,
  "archive.unsafe-name":
    "Nothing was read from it. If the file is yours, unpack it under another name and run discover on that.",
  "archive.too-large":
    "Nothing was kept of it. If the file is yours, unpack it elsewhere and run discover on that.",
  "archive.unreadable": DOWNLOAD_AGAIN,
  "archive.link":
    "Only plain files are read from archives; the file that the link points to is read where it lies.",
  "archive.passed-by": READ_IN_ORDER,
  "file.broken-link": "Remove the link, or put the file it points to back, and run discover again.",
  "file.unreadable": "Give yourself permission to read it, or check the disk, and run discover again.",
  "file.not-regular": "Only plain files hold photos; nothing is to be done unless a photo was expected here.",
  "file.name-not-utf8":
    "Rename the file to a name in UTF-8 (for example with convmv) and run discover again.",
  "file.vanished": "Run discover again; if the disk was unplugged, plug it in first.",
  "file.changed-while-read": "Wait until nothing writes to the file any more and run discover again.",
  "file.not-found":
    "Put the file or archive back where it was, or run discover on the place where it is now.",
} as const;

/** Stable codes of everything that reading archives and folders can find wrong. */
export type ReadingCode = keyof typeof NEXT;

/** The error of a code, with what to do next. Its kind lets a batch go on with the other files. */
export function readingError(code: ReadingCode, message: string, cause?: unknown): PhotosyncError {
  const kind = code === "archive.passed-by" ? "bug" : code === "file.not-found" ? "user" : "partial";
  return new PhotosyncError({ kind, code, message, next: [NEXT[code]], cause });
}

/** A location in words for messages: `takeout-001.zip: Photos from 2023/a.jpg`, control characters made visible. */
export const shownLocation = (location: Location): string =>
  shownName(location.entry === undefined ? location.path : `${location.path}: ${location.entry}`);

/** Any thrown value as a problem of the thing at `location`. */
export const problemAt = (location: Location, error: unknown): SourceProblem => ({
  kind: "problem",
  location,
  failure: failureOf(shownLocation(location), error),
});

/** A problem of the thing at `location` that is found without an error being thrown. */
export const problem = (
  location: Location,
  code: ReadingCode,
  message: string,
  cause?: unknown,
): SourceProblem => problemAt(location, readingError(code, message, cause));

/** The code of an operating system's or zlib's error (`ENOENT`, `Z_DATA_ERROR`), or an empty string. */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

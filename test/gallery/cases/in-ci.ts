import type { GalleryCase } from "../gallery-case.js";
import { ALL_CASES } from "./all-cases.js";

/** Tried by the first command that meets them. */
const AT_FIRST_SIGHT: readonly string[] = [
  "zip: 2 MB that inflate to 2 GB, declared as 1,000 bytes",
  "zip: a directory that lies behind the end of the file",
  "zip: encrypted, in an unknown compression, with a wrong checksum, links and devices",
  "tgz: links out of it, devices, a pipe",
  "tgz: a folder that is a link, then a file in it",
  "tgz: a PAX header that renames the file out of the archive",
  "tgz: 14 names that lead out, are absolute, hold backslashes or drives",
  "folder: names that differ by case or by Unicode form alone",
  "folder: links in circles, out of the tree, to nothing and to themselves",
  "folder: pipes, sockets, devices",
  "folder: a file that shrinks and one whose time changes while they are read",
  "dates: 0000:00:00, 9999, month 13, 30 February, 2038 and later, negative and endless film times",
  "EXIF: offsets and counts beyond the file, loops, chains of 10,000 directories",
  "HEIF, MP4: boxes of size 0, 1, 7 and 2^63, boxes in boxes, items that point nowhere",
  "XMP: entity bombs, external entities, 50,000 nested elements, no end, no XML, UTF-16, 9 MB",
  "document: merge markers",
  "document: another's photo_id",
  "document: blob_key out of the store",
  "document: a link to /etc/passwd",
  "documents: eleven kinds of nonsense at once, not committed, under every command",
  "config: services.json is nested 100,000 deep",
  "config: user-preferences.json has __proto__ keys",
  "disk: read-only",
  "lock: of a process that is dead",
  "damage: the index is noise",
  "surroundings: no HOME",
  "surroundings: whoever reads stdout or stderr leaves at once",
  "words: paths, flags and names that lead nowhere",
];

/** Where the harm would be done by a later command, tried by so many. */
const STORIES: Readonly<Record<string, number>> = {
  "zip: 15 names that lead out, are absolute, hold NUL, backslashes or drives": 3,
  "archive: a zip that is replaced by another between discover and replicate": 3,
  "folder: originals that were changed, removed or replaced by a folder before replicate": 3,
  "config: a store at a path out of the library by ..": 2,
  "config: a store at the library's .git": 2,
  "disk: full but for nothing": 3,
  "two at once: discover and replicate": 2,
  "signal: SIGTERM in the middle": 2,
  "damage: .photosync is gone": 2,
  "damage: a pack is noise in the middle": 2,
  "clock: a year back, in 1970, in 9999; files of 1902 and 2107": 2,
  "an export in three parts and a folder with ten things wrong": 2,
};

/** A case, and how many of its commands are tried. */
export interface CiCase {
  readonly name: string;
  readonly one: GalleryCase;
  readonly runs: number;
}

const named = (name: string, runs: number): CiCase => {
  const one = ALL_CASES.find((each) => each.name === name);
  if (one === undefined) throw new Error(`the gallery has no case "${name}"`);
  return { name, one, runs };
};

/** What CI tries of the gallery: some of every group, before all what could cost photos or lead out of the library. */
export const CI_CASES: readonly CiCase[] = [
  ...Object.entries(STORIES).map(([name, runs]) => named(name, runs)),
  ...AT_FIRST_SIGHT.map((name) => named(name, 1)),
];

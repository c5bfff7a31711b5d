import type { PhotoId } from "../ids.js";
import type { VariantRole } from "../photo.js";
import { byCodeUnit } from "../same-json.js";
import { foldName, type SafeName, safeFileName } from "./safe-name.js";

/** One file of a photo, as naming needs it. */
export interface NamedFile {
  readonly role: "original" | VariantRole;
  /** 64 hex digits: tells apart variants of one role. */
  readonly hex: string;
  /** By content, without a dot; may be empty. */
  readonly extension: string;
}

/** A photo in one folder of the tree, as naming needs it. */
export interface NamedPhoto {
  readonly photo_id: PhotoId;
  readonly folder: string;
  readonly filename: string;
  /** The original first. */
  readonly files: readonly NamedFile[];
  readonly sidecar: boolean;
}

/** Names are the stem and one of these behind it. */
interface Tails {
  readonly stem: string;
  /** One for each file, in their order. */
  readonly files: readonly string[];
  readonly sidecar: string | null;
}

/** A photo's names in its folder. */
export interface Names {
  /** One for each file, in their order. */
  readonly files: readonly string[];
  readonly sidecar: string | null;
}

/** What belongs to the shot itself shares its stem and differs by its extension; other bytes are told apart by their role. */
const SHARES_STEM: ReadonlySet<string> = new Set(["raw", "camera-jpeg", "motion"]);

function originalName(
  { filename, photo_id, files }: NamedPhoto,
  isMediaName: (name: string) => boolean,
): SafeName {
  const name = safeFileName(filename, photo_id);
  const extension = files[0]?.extension ?? "";
  // Titles that services gave for names have no extension, or end in something that looks like one.
  if (extension === "" || isMediaName(`x${name.extension}`)) return name;
  return { stem: safeFileName(`${name.stem}${name.extension}.x`, photo_id).stem, extension: `.${extension}` };
}

function tailsOf(photo: NamedPhoto, isMediaName: (name: string) => boolean): Tails {
  const { stem, extension } = originalName(photo, isMediaName);
  const isUpper = extension !== extension.toLowerCase() && extension === extension.toUpperCase();
  const taken = new Set([foldName(extension)]);
  const tails = new Map<NamedFile, string>();
  const [original, ...others] = photo.files;
  if (original !== undefined) tails.set(original, extension);
  for (const file of others.toSorted((a, b) => byCodeUnit(a.role, b.role) || byCodeUnit(a.hex, b.hex))) {
    const own = file.extension === "" ? "" : `.${file.extension}`;
    const ending = isUpper ? own.toUpperCase() : own;
    const role = SHARES_STEM.has(file.role) ? "" : `-${file.role}`;
    const tail = [`${role}${ending}`, `-${file.role}${ending}`]
      .concat([8, 64].map((digits) => `-${file.role}-${file.hex.slice(0, digits)}${ending}`))
      .find((candidate) => !taken.has(foldName(candidate)));
    tails.set(file, tail ?? `-${file.hex}${ending}`);
    taken.add(foldName(tails.get(file) ?? ""));
  }
  return {
    stem,
    files: photo.files.map((file) => tails.get(file) ?? ""),
    sidecar: photo.sidecar ? `${extension}.xmp` : null,
  };
}

const namesWith = (stem: string, { files, sidecar }: Tails): Names => ({
  files: files.map((tail) => `${stem}${tail}`),
  sidecar: sidecar === null ? null : `${stem}${sidecar}`,
});

const allOf = ({ files, sidecar }: Names): readonly string[] =>
  sidecar === null ? files : [...files, sidecar];

/** The names that a photo has where nobody else wants them. */
export const plainNames = (photo: NamedPhoto, isMediaName: (name: string) => boolean): Names => {
  const tails = tailsOf(photo, isMediaName);
  return namesWith(tails.stem, tails);
};

/** The names of a photo as keys: equal keys are one name for some file system. */
export const nameKeys = (folder: string, names: Names): readonly string[] =>
  allOf(names).map((name) => `${foldName(folder)}/${foldName(name)}`);

/** The stems of a photo, best first: its own, then with the beginning of its id, which `show` takes, then with all of it. */
function* stems(stem: string, photoId: PhotoId): Generator<string> {
  yield stem;
  yield `${stem}-${photoId.slice(0, 8)}`;
  for (let n = 1; ; n++) yield `${stem}-${photoId}${n === 1 ? "" : `-${n}`}`;
}

/** Under which of its names a photo's bytes stand already. */
export type StandingName = "plain" | "told-apart";

/** The names that a photo has beside others that want its own. */
export function namesApart(photo: NamedPhoto, isMediaName: (name: string) => boolean): Names {
  const tails = tailsOf(photo, isMediaName);
  const [, apart = tails.stem] = stems(tails.stem, photo.photo_id);
  return namesWith(apart, tails);
}

/**
 * Names for photos that share folders; no two are one name for any file system. All files of a photo share their stem. A photo
 * whose bytes stand under one of its names already keeps it; of the others that want one name, the first by photo id has it,
 * and the rest get the beginning of their id behind the stem. So the order of photos never matters, and what was
 * restored keeps its name when photos are added.
 */
export function nameAll(
  photos: readonly NamedPhoto[],
  isMediaName: (name: string) => boolean,
  standing: ReadonlyMap<NamedPhoto, StandingName>,
): ReadonlyMap<NamedPhoto, Names> {
  const taken = new Set<string>();
  const named = new Map<NamedPhoto, Names>();
  const rank = (photo: NamedPhoto) => (standing.has(photo) ? 0 : 1);
  const ordered = photos.toSorted((a, b) => rank(a) - rank(b) || byCodeUnit(a.photo_id, b.photo_id));
  for (const photo of ordered) {
    const tails = tailsOf(photo, isMediaName);
    let skips = standing.get(photo) === "told-apart" ? 1 : 0;
    for (const stem of stems(tails.stem, photo.photo_id)) {
      if (skips-- > 0) continue;
      const names = namesWith(stem, tails);
      const keys = nameKeys(photo.folder, names);
      if (keys.some((key) => taken.has(key))) continue;
      for (const key of keys) taken.add(key);
      named.set(photo, names);
      break;
    }
  }
  return named;
}

import {
  isKnownYearPattern,
  isUntitledAlbum,
  type SpecialFolder,
  specialFolder,
  yearPattern,
} from "./localized-names.js";
import type { AlbumFile } from "./takeout-index.js";

export type FolderRole =
  | { readonly kind: "year"; readonly year: number }
  | { readonly kind: "special"; readonly special: SpecialFolder }
  /** `title` is absent where the album has none: untitled ones share a folder and cannot be told apart. */
  | { readonly kind: "album"; readonly title?: string };

/** What the folders of a Photos folder are. */
export class FolderRoles {
  readonly #yearPatterns: ReadonlySet<string>;
  readonly #titles = new Map<string, string>();
  readonly #albumFolders = new Set<string>();

  /** Takes every folder with anything in it, and every album file, of all exports given. */
  constructor(folders: Iterable<string>, albums: readonly AlbumFile[]) {
    for (const { set, folder, title } of [...albums].sort((a, b) =>
      a.set < b.set ? -1 : a.set > b.set ? 1 : 0,
    )) {
      this.#albumFolders.add(folder);
      if (title === undefined) continue;
      this.#titles.set(folder, title);
      this.#titles.set(`${set}\0${folder}`, title);
    }
    this.#yearPatterns = yearPatternsOf([...folders].filter((folder) => !this.#albumFolders.has(folder)));
  }

  /** The role of a folder in one export; an album's title may be known from another export alone. */
  roleOf(set: string, folder: string): FolderRole {
    if (!this.#albumFolders.has(folder)) {
      const year = yearPattern(folder);
      if (year !== null && this.#yearPatterns.has(year.pattern)) return { kind: "year", year: year.year };
      const special = specialFolder(folder);
      if (special !== null) return { kind: "special", special };
    }
    const title = this.#titles.get(`${set}\0${folder}`) ?? this.#titles.get(folder);
    if (title !== undefined) return { kind: "album", title };
    const isNamed = folder !== "" && !this.#albumFolders.has(folder) && !isUntitledAlbum(folder);
    return isNamed ? { kind: "album", title: folder } : { kind: "album" };
  }
}

/**
 * The wordings that year folders have here. A known wording settles it for an export in that language; in another
 * language, a wording counts that stands with two different years, none of which has an album file.
 */
function yearPatternsOf(folders: readonly string[]): ReadonlySet<string> {
  const years = new Map<string, Set<number>>();
  for (const folder of folders) {
    const found = yearPattern(folder);
    if (found === null) continue;
    years.set(found.pattern, (years.get(found.pattern) ?? new Set()).add(found.year));
  }
  const known = [...years.keys()].filter(isKnownYearPattern);
  if (known.length > 0) return new Set(known);
  return new Set([...years].filter(([, seen]) => seen.size > 1).map(([pattern]) => pattern));
}

import { companionRole } from "../../domain/companions.js";
import type { ContentHash } from "../../domain/ids.js";
import type { VariantRole } from "../../domain/photo.js";
import { groupBy } from "../../infra/group-by.js";
import type { Matches } from "./match-sidecars.js";
import { extensionClass } from "./media-extensions.js";
import { cutEditedBases, editedBases, splitMediaName, stillStems } from "./media-name.js";
import type { MediaFile } from "./takeout-index.js";

export interface Version {
  readonly of: ContentHash;
  readonly role: VariantRole;
}

/**
 * Which bytes are another version of which: an edited copy, the moving half of a live photo, RAW beside JPEG. Told
 * inside one folder of one export, where names are comparable; edited copies also by Google's id. By hash, because
 * the copies in year folders and albums are the same bytes. Never a circle.
 */
export function versionsOf(media: readonly MediaFile[], matches: Matches): ReadonlyMap<ContentHash, Version> {
  const versions = new Map<ContentHash, Version>();
  const link = (file: MediaFile, main: MediaFile, role: VariantRole) => {
    const makesCircle = rootOf(main.hash, versions) === file.hash;
    if (!versions.has(file.hash) && !makesCircle) versions.set(file.hash, { of: main.hash, role });
  };
  for (const folder of groupBy(media, ({ set, folder }) => `${set}\0${folder}`).values()) {
    const names = new FolderNames(folder);
    for (const file of folder) {
      const original = editedOriginal(file, names, matches);
      if (original !== undefined) link(file, original, "edited");
      else {
        const companion = companionOf(file, names, matches);
        if (companion !== undefined) link(file, companion.main, companion.role);
      }
    }
  }
  linkEditedById(media, matches, versions, link);
  return versions;
}

/** The hash of the photo that bytes belong to, themselves where they are no other's version. */
export function rootOf(hash: ContentHash, versions: ReadonlyMap<ContentHash, Version>): ContentHash {
  let root = hash;
  for (let next = versions.get(root); next !== undefined; next = versions.get(root)) root = next.of;
  return root;
}

const bareName = (name: string): string => {
  const { stem, number } = splitMediaName(name);
  return stem + number;
};

class FolderNames {
  readonly byName: ReadonlyMap<string, readonly MediaFile[]>;
  readonly byStem: ReadonlyMap<string, readonly MediaFile[]>;

  constructor(files: readonly MediaFile[]) {
    this.byName = groupBy(files, ({ name }) => name);
    this.byStem = groupBy(files, ({ name }) => bareName(name));
  }
}

const hasOwnSidecar = (file: MediaFile, matches: Matches): boolean =>
  matches.of.get(file)?.pair.borrowed === false;

/** A real name can end in "-edited": only a file without a sidecar of its own is taken for an edited copy. */
function editedOriginal(file: MediaFile, names: FolderNames, matches: Matches): MediaFile | undefined {
  if (hasOwnSidecar(file, matches)) return undefined;
  const wanted = extensionClass(file.name);
  for (const base of [...editedBases(file.name), ...cutEditedBases(file.name)]) {
    const sameStem = (names.byStem.get(bareName(base)) ?? []).filter(
      ({ name, hash }) => extensionClass(name) === wanted && hash !== file.hash,
    );
    const found = [...(names.byName.get(base) ?? []), ...sameStem].find(({ hash }) => hash !== file.hash);
    if (found !== undefined) return found;
  }
  return undefined;
}

function companionOf(
  file: MediaFile,
  names: FolderNames,
  matches: Matches,
): { readonly main: MediaFile; readonly role: VariantRole } | undefined {
  const { traits } = file;
  if (traits === undefined || traits.kind === "image") return undefined;
  const stems = traits.kind === "video" ? stillStems(file.name) : [bareName(file.name)];
  for (const main of stems.flatMap((stem) => names.byStem.get(stem) ?? [])) {
    if (main.traits === undefined || main.hash === file.hash) continue;
    const role = companionRole(main.traits, traits);
    const isProven =
      traits.contentIdentifier !== undefined && traits.contentIdentifier === main.traits.contentIdentifier;
    // A clip that Google describes by itself may be a separate photo; only Apple's identifier says otherwise.
    if (role === "motion" && hasOwnSidecar(file, matches) && !isProven) continue;
    if (role !== null) return { main, role };
  }
  return undefined;
}

/** Where an album's part holds the edited copy alone, the sidecar's id still names the original in the year folder. */
function linkEditedById(
  media: readonly MediaFile[],
  matches: Matches,
  versions: ReadonlyMap<ContentHash, Version>,
  link: (file: MediaFile, main: MediaFile, role: VariantRole) => void,
): void {
  const originals = new Map<string, MediaFile>();
  for (const file of media) {
    const id = matches.of.get(file)?.file.serviceId;
    if (id !== undefined && hasOwnSidecar(file, matches)) originals.set(id, file);
  }
  for (const file of media) {
    const match = matches.of.get(file);
    if (match?.pair.borrowed !== true || versions.has(file.hash)) continue;
    if (editedBases(file.name).length + cutEditedBases(file.name).length === 0) continue;
    const original = originals.get(match.file.serviceId ?? "");
    if (original !== undefined && original.hash !== file.hash) link(file, original, "edited");
  }
}

import { companionRole } from "../../domain/companions.js";
import type { VariantRole } from "../../domain/photo.js";
import type { Examined } from "../../ports/photo-source.js";

/** One file of a photo with the XMP sidecars that speak of it, those of its stem before its own. */
export interface GroupedFile {
  readonly file: Examined;
  readonly sidecars: readonly Examined[];
}

/** The files of one photo in a folder. */
export interface FileGroup {
  readonly original: GroupedFile;
  readonly variants: readonly (GroupedFile & { readonly role: VariantRole })[];
}

export interface Grouping {
  readonly groups: readonly FileGroup[];
  readonly orphanSidecars: readonly Examined[];
}

interface Member {
  readonly file: Examined;
  readonly sidecars: Examined[];
}
interface Group {
  readonly original: Member;
  readonly variants: (Member & { readonly role: VariantRole })[];
}

const baseOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
const stemOf = (name: string): string => {
  const dot = baseOf(name).lastIndexOf(".");
  return dot <= 0 ? name : name.slice(0, name.length - baseOf(name).length + dot);
};

/** Stills before RAW before films: the order in which files of one stem may be the photo's original. */
const RANK = { image: 0, raw: 1, video: 2 } as const;
const rankOf = (file: Examined): number => (file.traits === undefined ? 3 : RANK[file.traits.kind]);

const compareNames = (a: Examined, b: Examined): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function groupOfStem(files: readonly Examined[]): Group[] {
  const groups: Group[] = [];
  for (const file of [...files].sort((a, b) => rankOf(a) - rankOf(b) || compareNames(a, b))) {
    const homes = groups.flatMap((group) => {
      if (group.original.file.traits === undefined || file.traits === undefined) return [];
      const role = companionRole(group.original.file.traits, file.traits);
      const isTaken = group.variants.some((variant) => variant.role === role);
      return role === null || isTaken ? [] : [{ group, role }];
    });
    const only = homes.length === 1 ? homes[0] : undefined;
    if (only === undefined) groups.push({ original: { file, sidecars: [] }, variants: [] });
    else only.group.variants.push({ role: only.role, file, sidecars: [] });
  }
  return groups;
}

const membersOf = (group: Group): readonly Member[] => [group.original, ...group.variants];
const isRaw = ({ file }: Member): boolean => file.traits?.kind === "raw";

/**
 * Whom a sidecar without a file's whole name speaks of: the photos that have a RAW file, where there are any, because
 * Lightroom, Camera Raw and Bridge write such sidecars for RAW files and write into the others themselves; else every
 * photo of the stem.
 */
function spokenOf(ofStem: readonly Group[]): readonly Member[] {
  const withRaw = ofStem.filter((group) => membersOf(group).some(isRaw));
  return (withRaw.length > 0 ? withRaw : ofStem).map((group) => group.original);
}

/**
 * Puts the files of a folder tree together into photos: RAW + JPEG and live or motion pairs share folder and stem and
 * pass `companionRole`. `IMG_1.JPG.xmp` (darktable, digiKam) speaks of that very file and not of the RAW beside it;
 * `IMG_1.xmp` (Lightroom, Camera Raw) of the photo of that stem. Letter case of names does not matter, nor does the order
 * in which files are given. A sidecar that fits several photos of one stem speaks of each; one that fits none is an orphan.
 */
export function pairFiles(examined: readonly Examined[]): Grouping {
  const byStem = new Map<string, Examined[]>();
  for (const file of examined) {
    if (file.kind !== "media") continue;
    const stem = stemOf(file.name).toLowerCase();
    const siblings = byStem.get(stem);
    if (siblings === undefined) byStem.set(stem, [file]);
    else siblings.push(file);
  }
  const groupsOfStem = new Map([...byStem].map(([stem, files]) => [stem, groupOfStem(files)]));
  const groups = [...groupsOfStem.values()].flat();
  const byName = new Map<string, Member[]>();
  for (const member of groups.flatMap(membersOf)) {
    const name = member.file.name.toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), member]);
  }
  const ofStem: [sidecar: Examined, homes: readonly Member[]][] = [];
  const ofFile: [sidecar: Examined, homes: readonly Member[]][] = [];
  const orphanSidecars: Examined[] = [];
  for (const sidecar of examined.filter((file) => file.kind === "xmp").sort(compareNames)) {
    const about = stemOf(sidecar.name).toLowerCase();
    const named = byName.get(about);
    const stem = groupsOfStem.get(about);
    if (named !== undefined) ofFile.push([sidecar, named]);
    else if (stem !== undefined) ofStem.push([sidecar, spokenOf(stem)]);
    else orphanSidecars.push(sidecar);
  }
  for (const [sidecar, homes] of [...ofStem, ...ofFile]) {
    for (const home of homes) home.sidecars.push(sidecar);
  }
  return { groups: groups.sort((a, b) => compareNames(a.original.file, b.original.file)), orphanSidecars };
}

import { companionRole } from "../../domain/companions.js";
import type { VariantRole } from "../../domain/photo.js";
import type { Examined } from "../../ports/photo-source.js";

/** The files of one photo in a folder. */
export interface FileGroup {
  readonly original: Examined;
  readonly variants: readonly { readonly role: VariantRole; readonly file: Examined }[];
  /** XMP sidecars that speak of the original or one of the variants. */
  readonly sidecars: readonly Examined[];
}

export interface Grouping {
  readonly groups: readonly FileGroup[];
  readonly orphanSidecars: readonly Examined[];
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);
const baseOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
const stemOf = (name: string): string => {
  const base = baseOf(name);
  const dot = base.lastIndexOf(".");
  return folderOf(name) + (dot <= 0 ? base : base.slice(0, dot));
};

/** Stills before RAW before films: the order in which files of one stem may be the photo's original. */
const RANK = { image: 0, raw: 1, video: 2 } as const;
const rankOf = (file: Examined): number => (file.traits === undefined ? 3 : RANK[file.traits.kind]);

const compareNames = (a: Examined, b: Examined): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function groupOfStem(files: readonly Examined[]): FileGroup[] {
  const groups: {
    original: Examined;
    variants: { role: VariantRole; file: Examined }[];
    sidecars: Examined[];
  }[] = [];
  for (const file of [...files].sort((a, b) => rankOf(a) - rankOf(b) || compareNames(a, b))) {
    const home = groups.flatMap((group) => {
      if (group.original.traits === undefined || file.traits === undefined) return [];
      const role = companionRole(group.original.traits, file.traits);
      const taken = group.variants.some((variant) => variant.role === role);
      return role === null || taken ? [] : [{ group, role }];
    });
    const only = home.length === 1 ? home[0] : undefined;
    if (only === undefined) groups.push({ original: file, variants: [], sidecars: [] });
    else only.group.variants.push({ role: only.role, file });
  }
  return groups;
}

/**
 * Puts the files of a folder tree together into photos: RAW + JPEG and live or motion pairs share folder and stem and
 * pass `companionRole`; XMP sidecars are `IMG_1.xmp` (the stem's) or `IMG_1.JPG.xmp` (that file's). Letter case of
 * names does not matter. A sidecar that fits several photos of one stem speaks of each; one that fits none is an orphan.
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
  const groups = [...byStem.values()]
    .flatMap(groupOfStem)
    .map((group) => ({ ...group, sidecars: [...group.sidecars] }));
  const byName = new Map<string, typeof groups>();
  const index = (key: string, group: (typeof groups)[number]) => {
    const known = byName.get(key);
    if (known === undefined) byName.set(key, [group]);
    else if (!known.includes(group)) known.push(group);
  };
  for (const group of groups) {
    for (const file of [group.original, ...group.variants.map((variant) => variant.file)]) {
      index(file.name.toLowerCase(), group);
      index(stemOf(file.name).toLowerCase(), group);
    }
  }
  const orphanSidecars: Examined[] = [];
  for (const sidecar of examined) {
    if (sidecar.kind !== "xmp") continue;
    const homes = byName.get(stemOf(sidecar.name).toLowerCase()) ?? [];
    if (homes.length === 0) orphanSidecars.push(sidecar);
    for (const group of homes) group.sidecars.push(sidecar);
  }
  return { groups: groups.sort((a, b) => compareNames(a.original, b.original)), orphanSidecars };
}

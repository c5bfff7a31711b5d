import type { Examined } from "../../ports/photo-source.js";
import type { Place } from "./locate-photos.js";
import { parsePartName } from "./part-names.js";

/** Marks a set that only has a place and no export id; sorts before `takeout-…`. */
const UNNAMED = "?";

/** The first part name among the given file or folder names. */
function exportIdAmong(names: readonly string[]): string | null {
  for (const name of names) {
    const part = parsePartName(name);
    if (part !== null) return part.exportId;
  }
  return null;
}

/**
 * Which export each stream belongs to. Archives tell by their names, unpacked folders by the folders above them.
 * What has no such name is taken for one export, unless two places hold different bytes under one name: parts of one
 * export never do.
 */
export class ExportSets {
  readonly #examined: readonly Examined[];

  constructor(examined: readonly Examined[]) {
    this.#examined = examined;
  }

  setOf(stream: number, root: string): string {
    const location = this.#examined[stream]?.location;
    if (location?.entry !== undefined) {
      return exportIdAmong([location.path.split(/[/\\]/).at(-1) ?? ""]) ?? `${UNNAMED}${location.path}`;
    }
    return exportIdAmong(root.split("/")) ?? `${UNNAMED}${root}`;
  }

  /** The same places, with the unnamed sets made one where nothing speaks against it. */
  separated(places: Place[]): Place[] {
    const unnamed = new Set<string>();
    for (const place of places) if (isUnnamed(place)) unnamed.add(place.set);
    if (unnamed.size < 2 || this.#contradict(places)) return places;
    return places.map((place) => (isUnnamed(place) ? { ...place, set: UNNAMED } : place));
  }

  #contradict(places: readonly Place[]): boolean {
    const hashes = new Map<string, string>();
    for (const [stream, place] of places.entries()) {
      const hash = this.#examined[stream]?.hash;
      if (!isUnnamed(place) || hash === undefined) continue;
      const key = `${place.folder}/${place.name}`;
      if ((hashes.get(key) ?? hash) !== hash) return true;
      hashes.set(key, hash);
    }
    return false;
  }
}

const isUnnamed = (place: Place): place is Extract<Place, { kind: "photos" }> =>
  place.kind === "photos" && place.set.startsWith(UNNAMED);

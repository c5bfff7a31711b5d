import type { Json } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";

interface Album {
  readonly title: string;
  readonly updated: number;
  readonly photos: readonly string[];
}

/** The `albums` of an `albums.json`, or null where the value is none. */
export function albumsOf(value: Json): readonly JsonRecord[] | null {
  const albums = isJsonRecord(value) ? value["albums"] : undefined;
  if (!Array.isArray(albums)) return null;
  const list: readonly Json[] = albums;
  return list.filter(isJsonRecord);
}

/** One of Flickr's ids, which are kept as text: those of albums are beyond what a number holds exactly. */
export const idText = (value: Json | undefined): string | undefined => {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && /^\d{1,19}$/.test(text) ? text : undefined;
};

/**
 * Which photos are in which albums. The photo files' own lists are empty in exports. Of an album that several exports tell
 * of, the one that was changed last counts; titles are not unique.
 */
export class Albums {
  readonly #byId = new Map<string, Album>();

  add(album: JsonRecord): void {
    const title = textAt(album, "title");
    if (title === undefined) return;
    const told = Number(album["last_updated"]);
    const updated = Number.isFinite(told) ? told : 0;
    const listed: readonly Json[] = Array.isArray(album["photos"]) ? album["photos"] : [];
    // "0" stands for a photo that is gone.
    const photos = listed.map(idText).filter((id) => id !== undefined && id !== "0");
    const id = idText(album["id"]) ?? `?${title}`;
    const known = this.#byId.get(id);
    if (known !== undefined && known.updated > updated) return;
    const kept = known?.updated === updated ? known.photos : [];
    this.#byId.set(id, {
      title,
      updated,
      photos: [...new Set([...kept, ...photos])].filter((each) => each !== undefined),
    });
  }

  /** Titles by photo id, each list sorted and without repetition. */
  titlesByPhoto(): ReadonlyMap<string, readonly string[]> {
    const titles = new Map<string, Set<string>>();
    for (const { title, photos } of this.#byId.values()) {
      for (const id of photos) titles.set(id, (titles.get(id) ?? new Set()).add(title));
    }
    return new Map([...titles].map(([id, names]) => [id, [...names].sort()]));
  }
}

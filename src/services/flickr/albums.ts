import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { flickrCodeOf, noAnswer } from "./failures.js";
import { pagesOf } from "./lists.js";
import { contentOf, idOf, listAt, recordAt } from "./shapes.js";

/** A set, which is what people call an album. */
export interface Album {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Stands in the description of the albums that photosync made; only those are ever added to. */
const OWN = "Kept by photosync.";

/** Code 3 of `photosets.addPhoto`: the photo is in the set, which is what was wanted. */
const ALREADY_IN_SET = 3;

/** Every album of the account; they come in pages, which tools that did not look at lost all after the first 500. */
async function albumsOf(client: FlickrClient, call: Call): Promise<readonly Album[]> {
  const albums = new Map<string, Album>();
  const place = ["photosets", "photoset"] as const;
  for await (const page of pagesOf(client, "photosets.getList", {}, place, call)) {
    for (const record of page) {
      const id = idOf(record["id"]);
      if (id === undefined) continue;
      const title = contentOf(record["title"]) ?? "";
      albums.set(id, { id, title, description: contentOf(record["description"]) ?? "" });
    }
  }
  return [...albums.values()];
}

/** Which album titles each photo is under. One request for each album and each further 500 photos in it. */
async function titlesByPhoto(
  client: FlickrClient,
  albums: readonly Album[],
  call: Call,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const titles = new Map<string, string[]>();
  for (const { id, title } of albums) {
    if (title === "") continue;
    const params = { photoset_id: id };
    for await (const page of pagesOf(client, "photosets.getPhotos", params, ["photoset", "photo"], call)) {
      for (const record of page) {
        const photo = idOf(record["id"]);
        if (photo === undefined) continue;
        const known = titles.get(photo);
        if (known === undefined) titles.set(photo, [title]);
        else if (!known.includes(title)) known.push(title);
      }
    }
  }
  return titles;
}

/** The titles of the albums that one photo is in. */
export async function albumsOfPhoto(
  client: FlickrClient,
  id: string,
  call: Call,
): Promise<readonly string[]> {
  const answer = await client.ask("photos.getAllContexts", { photo_id: id }, call);
  const sets = listAt(answer, "set") ?? [];
  return sets.map((set) => contentOf(set["title"]) ?? "").filter((title) => title !== "");
}

/**
 * What scans need of albums: whichever way costs fewer requests, all albums with their photos at once, or one photo after the
 * other. Nothing is asked before it is needed.
 */
export class AlbumIndex {
  readonly #client: FlickrClient;
  #albums: readonly Album[] | null = null;
  #titles: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(client: FlickrClient) {
    this.#client = client;
  }

  /** The album titles of these photos. */
  async titlesOf(ids: readonly string[], call: Call): Promise<ReadonlyMap<string, readonly string[]>> {
    if (ids.length === 0) return new Map();
    if (this.#titles === null && ids.length > 1) {
      this.#albums ??= await albumsOf(this.#client, call);
      if (this.#albums.length <= ids.length) {
        this.#titles = await titlesByPhoto(this.#client, this.#albums, call);
      }
    }
    const titles = new Map<string, readonly string[]>();
    for (const id of ids) {
      const known =
        this.#titles === null ? await albumsOfPhoto(this.#client, id, call) : this.#titles.get(id);
      titles.set(id, known ?? []);
    }
    return titles;
  }
}

/** The albums that photosync keeps on Flickr: told by their description, never made twice under one title. */
export class OwnAlbums {
  readonly #client: FlickrClient;
  #byTitle: Promise<Map<string, string>> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: FlickrClient) {
    this.#client = client;
  }

  /** Puts the photo into the album with this title, which is made with it where it is not there yet. */
  async add(title: string, photoId: string, call: Call): Promise<void> {
    // One after the other, or two photos would each make the album.
    const adding = this.#last.then(() => this.#add(title, photoId, call));
    this.#last = adding.catch(() => {});
    await adding;
  }

  async #add(title: string, photoId: string, call: Call): Promise<void> {
    this.#byTitle ??= this.#own(call);
    let byTitle: Map<string, string>;
    try {
      byTitle = await this.#byTitle;
    } catch (error) {
      this.#byTitle = null;
      throw error;
    }
    const known = byTitle.get(title);
    if (known === undefined) byTitle.set(title, await this.#create(title, photoId, call));
    else await this.#put(known, photoId, call);
  }

  async #own(call: Call): Promise<Map<string, string>> {
    const own = (await albumsOf(this.#client, call)).filter(({ description }) => description.includes(OWN));
    return new Map(own.map(({ title, id }) => [title, id]));
  }

  async #create(title: string, photoId: string, call: Call): Promise<string> {
    const params = { title, description: OWN, primary_photo_id: photoId };
    try {
      const answer = await this.#client.tell("photosets.create", params, false, call);
      const id = idOf(recordAt(answer, "photoset")["id"]);
      if (id === undefined) throw noAnswer({ account: this.#client.account, label: "photosets.create" });
      return id;
    } catch (error) {
      // It may have been made all the same: the next look at the list tells.
      this.#byTitle = null;
      throw error;
    }
  }

  async #put(albumId: string, photoId: string, call: Call): Promise<void> {
    const params = { photoset_id: albumId, photo_id: photoId };
    try {
      await this.#client.tell("photosets.addPhoto", params, true, call);
    } catch (error) {
      if (flickrCodeOf(error) !== ALREADY_IN_SET) throw error;
    }
  }
}

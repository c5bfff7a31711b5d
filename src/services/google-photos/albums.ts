import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { Album, LibraryClient } from "./library-client.js";

const MOST_TITLE = 500;

/**
 * The albums that photosync made, and what lies in them. Google tells of neither: an item does not say its albums, nor an album
 * whether the owner has shared it since. So this is only used where the configuration allows albums in so many words.
 */
export class OwnAlbums {
  readonly #account: string;
  readonly #client: LibraryClient;
  readonly #making = new Map<string, Promise<Album>>();
  #albums: Promise<Map<string, Album>> | null = null;
  #titles: Promise<Map<string, Set<string>>> | null = null;

  constructor(account: string, client: LibraryClient) {
    this.#account = account;
    this.#client = client;
  }

  /** The titles of the albums that hold a photo. Lists all of photosync's albums the first time. */
  async titlesOf(id: string, call: Call): Promise<readonly string[]> {
    return [...((await this.#memberships(call)).get(id) ?? [])].sort();
  }

  /** The album of this title, made where there is none. Of several with one title the first is taken. */
  async named(title: string, call: Call): Promise<Album> {
    if (title === "" || title.length > MOST_TITLE) {
      throw new PhotosyncError({
        kind: "partial",
        code: `${this.#account}.album-title`,
        message: `Google Photos takes no album with a title of ${title.length} characters.`,
        next: [`Give the album a title of 1 to ${MOST_TITLE} characters.`],
      });
    }
    const albums = await this.#listed(call);
    const known = albums.get(title);
    if (known !== undefined) return known;
    // Uploads that go side by side into a new album share its making.
    const making = this.#making.get(title) ?? this.#made(title, call);
    this.#making.set(title, making);
    try {
      const made = await making;
      albums.set(title, made);
      return made;
    } finally {
      this.#making.delete(title);
    }
  }

  /** Puts a photo into the albums of these titles; which it is in already does not matter. */
  async add(id: string, titles: readonly string[], call: Call): Promise<void> {
    for (const title of titles) {
      await this.#client.addToAlbum((await this.named(title, call)).id, [id], call);
      await this.added(id, title, call);
    }
  }

  /** Notes that a photo came into an album with its upload. */
  async added(id: string, title: string, call: Call): Promise<void> {
    const titles = await this.#memberships(call);
    titles.set(id, (titles.get(id) ?? new Set()).add(title));
  }

  /** An answer that was lost may have made the album: looking comes before trying again. */
  async #made(title: string, call: Call): Promise<Album> {
    try {
      return await this.#client.createAlbum(title, call);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind !== "transient") throw error;
      const found = (await this.#client.albums(call)).find((album) => album.title === title);
      if (found === undefined) throw error;
      return found;
    }
  }

  #listed(call: Call): Promise<Map<string, Album>> {
    this.#albums ??= this.#client
      .albums(call)
      .then((albums) => new Map(albums.toReversed().map((album) => [album.title, album])));
    this.#albums.catch(() => {
      this.#albums = null;
    });
    return this.#albums;
  }

  #memberships(call: Call): Promise<Map<string, Set<string>>> {
    this.#titles ??= this.#readMemberships(call);
    this.#titles.catch(() => {
      this.#titles = null;
    });
    return this.#titles;
  }

  async #readMemberships(call: Call): Promise<Map<string, Set<string>>> {
    const titles = new Map<string, Set<string>>();
    for (const { id, title } of (await this.#listed(call)).values()) {
      let pageToken: string | undefined;
      do {
        const page = await this.#client.albumMedia(id, pageToken, call);
        for (const media of page.media) titles.set(media.id, (titles.get(media.id) ?? new Set()).add(title));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
    }
    return titles;
  }
}

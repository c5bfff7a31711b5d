import { PhotosyncError } from "../../domain/errors.js";
import type { Json } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import type { Call } from "../../ports/call.js";
import {
  askGoogle,
  type GoogleAccess,
  type GoogleRequest,
  jsonReply,
  oddReply,
} from "../google-api/google-request.js";
import { type LibraryMedia, readLibraryMedia } from "./library-media.js";

export interface MediaPage {
  readonly media: readonly LibraryMedia[];
  /** Entries that could not be read. */
  readonly unreadable: number;
  /** Absent at the end alone: pages may be empty and go on. */
  readonly nextPageToken: string | undefined;
}

export interface Album {
  readonly id: string;
  readonly title: string;
}

/** What became of one upload token. */
export type Created =
  | { readonly kind: "created"; readonly media: LibraryMedia }
  /** Nothing was made; `code` is one of google.rpc.Code. */
  | { readonly kind: "rejected"; readonly code: number; readonly message: string };

export interface NewMedia {
  readonly uploadToken: string;
  readonly fileName: string;
  readonly description: string;
}

/** The most that `batchCreate` and `batchGet` take. */
export const MOST_IN_BATCH = 50;
const MEDIA_PAGE = 100;
const ALBUM_PAGE = 50;
/** How Google refuses ids that are unknown, or not this client's; which one it is for which is not documented. */
const NOT_ACCESSIBLE = ["INVALID_ARGUMENT", "PERMISSION_DENIED", "NOT_FOUND"];

/** The reply, or null where the ids in the request are refused. A missing scope is not that: it throws. */
async function ifAccessible(reply: Promise<JsonRecord>): Promise<JsonRecord | null> {
  try {
    return await reply;
  } catch (error) {
    const isRefused = error instanceof PhotosyncError && error.kind === "user";
    if (isRefused && NOT_ACCESSIBLE.includes(String(error.data["rpcStatus"]))) return null;
    throw error;
  }
}

const list = (record: JsonRecord, key: string): readonly Json[] => {
  const value = record[key];
  return Array.isArray(value) ? value : [];
};

/** The Library API v1 (https://developers.google.com/photos/library/reference/rest), as far as photosync uses it; replies are validated. */
export class LibraryClient {
  readonly #access: GoogleAccess;
  readonly #base: string;

  /** `endpoint` without `/v1`. */
  constructor(access: GoogleAccess, endpoint: string) {
    this.#access = access;
    this.#base = `${endpoint.replace(/\/+$/, "")}/v1`;
  }

  async #ask(
    request: Omit<GoogleRequest, "url"> & { readonly path: string },
    call: Call,
  ): Promise<JsonRecord> {
    const { path, ...rest } = request;
    const { account } = this.#access;
    const url = `${this.#base}/${path}`;
    return askGoogle(
      this.#access,
      { ...rest, url },
      (response) => jsonReply(account, rest.label, response),
      call,
    );
  }

  #page(reply: JsonRecord): MediaPage {
    const entries = list(reply, "mediaItems");
    const media = entries.flatMap((entry) => readLibraryMedia(entry) ?? []);
    return {
      media,
      unreadable: entries.length - media.length,
      nextPageToken: textAt(reply, "nextPageToken"),
    };
  }

  async mediaPage(pageToken: string | undefined, call: Call): Promise<MediaPage> {
    const query = new URLSearchParams({ pageSize: String(MEDIA_PAGE), ...(pageToken && { pageToken }) });
    const request = {
      label: "mediaItems.list",
      lane: "read",
      isRepeatable: true,
      path: `mediaItems?${query}`,
    } as const;
    return this.#page(await this.#ask(request, call));
  }

  async albumMedia(albumId: string, pageToken: string | undefined, call: Call): Promise<MediaPage> {
    const body = JSON.stringify({ albumId, pageSize: MEDIA_PAGE, ...(pageToken && { pageToken }) });
    const request = {
      label: "mediaItems.search",
      lane: "read",
      isRepeatable: true,
      method: "POST",
      body,
    } as const;
    return this.#page(await this.#ask({ ...request, path: "mediaItems:search" }, call));
  }

  /** Null where this client may not see it. A missing scope throws all the same. */
  async media(id: string, call: Call): Promise<LibraryMedia | null> {
    const [found] = await this.mediaBatch([id], call);
    return found ?? null;
  }

  /** In the order asked; null for what this client may not see. Up to 50 ids, all different. */
  async mediaBatch(ids: readonly string[], call: Call): Promise<readonly (LibraryMedia | null)[]> {
    const label = "mediaItems.batchGet";
    const path = `mediaItems:batchGet?${new URLSearchParams(ids.map((id): [string, string] => ["mediaItemIds", id]))}`;
    const request = { label, lane: "read", isRepeatable: true, path } as const;
    const reply = await ifAccessible(this.#ask(request, call));
    if (reply === null) {
      // One foreign id may spoil the whole request: which of them it was shows when each is asked for by itself.
      const single: (LibraryMedia | null)[] = [];
      for (const id of ids.length === 1 ? [] : ids) single.push(await this.media(id, call));
      return ids.length === 1 ? [null] : single;
    }
    const results = list(reply, "mediaItemResults");
    const read = results.map((one) => (isJsonRecord(one) ? readLibraryMedia(one["mediaItem"]) : null));
    if (results.length !== ids.length) throw oddReply(this.#access.account, label, "a result for each id");
    return ids.map((id) => read.find((media) => media?.id === id) ?? null);
  }

  /** Writes the description, and gives what the service then says. Null where this client may not touch it. */
  async describe(id: string, description: string, call: Call): Promise<LibraryMedia | null> {
    const label = "mediaItems.patch";
    const path = `mediaItems/${encodeURIComponent(id)}?updateMask=description`;
    const body = JSON.stringify({ description });
    const request = { label, lane: "write", isRepeatable: true, method: "PATCH", body, path } as const;
    const reply = await ifAccessible(this.#ask(request, call));
    if (reply === null) return null;
    const media = readLibraryMedia(reply);
    if (media === null) throw oddReply(this.#access.account, label, "a media item");
    return media;
  }

  /** Results by upload token. Sent once: a lost reply leaves the outcome open. */
  async create(
    wishes: readonly NewMedia[],
    albumId: string | undefined,
    call: Call,
  ): Promise<ReadonlyMap<string, Created>> {
    const newMediaItems = wishes.map(({ uploadToken, fileName, description }) => ({
      ...(description === "" ? {} : { description }),
      simpleMediaItem: { uploadToken, fileName },
    }));
    const body = JSON.stringify({ ...(albumId === undefined ? {} : { albumId }), newMediaItems });
    const label = "mediaItems.batchCreate";
    const request = { label, lane: "write", isRepeatable: false, method: "POST", body } as const;
    const reply = await this.#ask({ ...request, path: "mediaItems:batchCreate" }, call);
    const created = new Map<string, Created>();
    for (const result of list(reply, "newMediaItemResults").filter(isJsonRecord)) {
      const token = textAt(result, "uploadToken");
      const media = readLibraryMedia(result["mediaItem"]);
      const status = isJsonRecord(result["status"]) ? result["status"] : {};
      const code = typeof status["code"] === "number" ? status["code"] : 0;
      if (token === undefined) continue;
      if (code === 0 && media !== null) created.set(token, { kind: "created", media });
      else created.set(token, { kind: "rejected", code, message: textAt(status, "message") ?? "" });
    }
    return created;
  }

  /** The albums that this client made. */
  async albums(call: Call): Promise<readonly Album[]> {
    const albums: Album[] = [];
    let pageToken: string | undefined;
    do {
      const query = new URLSearchParams({
        pageSize: String(ALBUM_PAGE),
        excludeNonAppCreatedData: "true",
        ...(pageToken && { pageToken }),
      });
      const request = {
        label: "albums.list",
        lane: "read",
        isRepeatable: true,
        path: `albums?${query}`,
      } as const;
      const reply = await this.#ask(request, call);
      for (const entry of list(reply, "albums").filter(isJsonRecord)) {
        const id = textAt(entry, "id");
        if (id !== undefined) albums.push({ id, title: textAt(entry, "title") ?? "" });
      }
      const next = textAt(reply, "nextPageToken");
      if (next !== undefined && next === pageToken)
        throw oddReply(this.#access.account, "albums.list", "an end");
      pageToken = next;
    } while (pageToken !== undefined);
    return albums;
  }

  /** Sent once: titles need not be unique, so a repetition would make a second album. */
  async createAlbum(title: string, call: Call): Promise<Album> {
    const body = JSON.stringify({ album: { title } });
    const request = {
      label: "albums.create",
      lane: "write",
      isRepeatable: false,
      method: "POST",
      body,
    } as const;
    const id = textAt(await this.#ask({ ...request, path: "albums" }, call), "id");
    if (id === undefined) throw oddReply(this.#access.account, "albums.create", "an id");
    return { id, title };
  }

  /** Adds to an album; what is in it already stays. */
  async addToAlbum(albumId: string, ids: readonly string[], call: Call): Promise<void> {
    const path = `albums/${encodeURIComponent(albumId)}:batchAddMediaItems`;
    const body = JSON.stringify({ mediaItemIds: ids });
    const label = "albums.batchAddMediaItems";
    await this.#ask({ label, lane: "write", isRepeatable: true, method: "POST", body, path }, call);
  }
}

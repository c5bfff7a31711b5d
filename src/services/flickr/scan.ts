import { PhotosyncError } from "../../domain/errors.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { ScanPage, ScanRequest, ServiceInstance } from "../../ports/photo-service.js";
import { AlbumIndex } from "./albums.js";
import type { FlickrClient } from "./client.js";
import { type Cursor, CursorMaker, overlapStart, readCursor, wasSeen } from "./cursor.js";
import { allPhotos, changedPhotos, type ListEnd, PAGE_SIZE } from "./lists.js";
import type { PhotoWords } from "./photo-words.js";
import { photoNow } from "./read-photo.js";
import { needsRawTags, toInstance, versionOf } from "./to-instance.js";

/** Hears of each instance with the words that it was made of, which know where its bytes are. */
export type OnInstance = (instance: ServiceInstance, words: PhotoWords) => void;

/** Tells whether the account gets originals as they are; asked when the first one is told of. */
export type GivesOriginals = (call: Call) => Promise<boolean>;

/**
 * Lists the account: with a cursor what changed since, else all of it. One request for each 500 photos; further ones only for
 * photos that are not known as they are: for their tags as they were typed, and for their albums. A whole list of several pages
 * is followed by a look at what changed while it was read.
 */
export async function* scanAccount(
  client: FlickrClient,
  request: ScanRequest,
  onInstance: OnInstance,
  givesOriginals: GivesOriginals,
  call: Call,
): AsyncGenerator<ScanPage> {
  const cursor = readCursor(request.cursor);
  const startedAt = Math.floor(client.nowMs() / 1000);
  const scan = new Scan(
    client,
    request,
    cursor,
    new CursorMaker(startedAt, cursor),
    onInstance,
    givesOriginals,
  );
  const since = sinceOf(request.since);
  const isFull = cursor === null;
  const list = isFull
    ? allPhotos(client, since, call, request.onTotal)
    : changedPhotos(client, overlapStart(cursor), call);
  const end = yield* scan.all(list, since, call);
  if (scan.isLimitReached) {
    yield { kind: "end", isWhole: false, gone: [] };
    return;
  }
  if (!end.isWhole) yield { kind: "problem", subject: client.account, error: incomplete(client.account) };
  if (isFull && end.pages > 1) {
    // What moved from a page that was still to come to one that was read has changed in doing so.
    yield* scan.all(changedPhotos(client, overlapStart({ at: startedAt }), call), since, call);
  }
  const isWhole = isFull && since === undefined && end.isWhole;
  // A scan since a day, or one that lost some, has not seen what a cursor would vouch for.
  const vouches = end.isWhole && since === undefined;
  // A list of changes that shows none, not even the last ones known, may be one that Flickr could not make: time alone moves nothing.
  const next = scan.hasListed ? scan.next() : (request.cursor ?? scan.next());
  yield { kind: "end", isWhole, gone: [], ...(vouches ? { cursor: next } : {}) };
}

/** As unix seconds, rounded down. */
function sinceOf(text: string | undefined): number | undefined {
  const seconds = Math.floor(Date.parse(text ?? "") / 1000);
  return Number.isFinite(seconds) ? seconds : undefined;
}

const incomplete = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: `${account}.list-incomplete`,
    message: `${account} says that it holds more photos than it listed, also the second time.`,
    next: [`Run again later: photosync discover --service ${account} --full-scan`],
  });

class Scan {
  readonly #client: FlickrClient;
  readonly #request: ScanRequest;
  readonly #cursor: Cursor | null;
  readonly #onInstance: OnInstance;
  readonly #givesOriginals: GivesOriginals;
  readonly #albums: AlbumIndex;
  readonly #maker: CursorMaker;
  readonly #told = new Set<string>();
  #left: number;
  isLimitReached = false;
  /** True once a list held anything, known or not. */
  hasListed = false;

  constructor(
    client: FlickrClient,
    request: ScanRequest,
    cursor: Cursor | null,
    maker: CursorMaker,
    onInstance: OnInstance,
    givesOriginals: GivesOriginals,
  ) {
    this.#givesOriginals = givesOriginals;
    this.#client = client;
    this.#request = request;
    this.#cursor = cursor;
    this.#onInstance = onInstance;
    this.#albums = new AlbumIndex(client);
    this.#maker = maker;
    this.#left = request.limit ?? Number.POSITIVE_INFINITY;
  }

  next(): string {
    return this.#maker.text();
  }

  /** Tells of all that a list holds and was not told of. */
  async *all(
    list: AsyncGenerator<readonly PhotoWords[], ListEnd>,
    since: number | undefined,
    call: Call,
  ): AsyncGenerator<ScanPage, ListEnd> {
    try {
      for (;;) {
        throwIfAborted(call);
        const next = await list.next();
        if (next.done === true) return next.value;
        yield* this.#page(next.value, since, call);
        if (this.isLimitReached) return { isWhole: false, pages: 1 };
      }
    } finally {
      await list.return({ isWhole: false, pages: 1 });
    }
  }

  async *#page(
    listed: readonly PhotoWords[],
    since: number | undefined,
    call: Call,
  ): AsyncGenerator<ScanPage> {
    this.hasListed ||= listed.length > 0;
    for (const { owner } of listed) if (owner !== "") this.#request.onOwner?.(owner);
    const wanted = listed.filter((words) => this.#isWanted(words, since)).slice(0, this.#left);
    this.#left -= wanted.length;
    this.isLimitReached = this.#left <= 0 && this.#request.limit !== undefined;
    const isKnown = this.#request.isKnown ?? (() => false);
    const unchanged = wanted.filter((words) => isKnown(words.id, versionOf(words)));
    const fresh = wanted.filter((words) => !unchanged.includes(words));
    if (unchanged.length > 0) yield { kind: "unchanged", ids: unchanged.map(({ id }) => id) };
    const missed = new Set(fresh.map(({ id }) => id));
    for (let at = 0; at < fresh.length; at += PAGE_SIZE) {
      const seen = await this.#complete(fresh.slice(at, at + PAGE_SIZE), call);
      for (const { id } of seen) missed.delete(id);
      if (seen.length > 0) yield { kind: "instances", seen };
    }
    for (const words of wanted) {
      if (missed.has(words.id)) {
        this.#maker.missed(words);
        continue;
      }
      this.#told.add(words.id);
      this.#maker.note(words);
    }
  }

  #isWanted(words: PhotoWords, since: number | undefined): boolean {
    if (this.#told.has(words.id)) return false;
    if (since !== undefined && Number(words.posted ?? 0) < since) return false;
    return this.#cursor === null || !wasSeen(this.#cursor, words);
  }

  /** The instances of listed photos, with what lists do not tell. What is gone meanwhile, or not to be read yet, is left out. */
  async #complete(listed: readonly PhotoWords[], call: Call): Promise<ServiceInstance[]> {
    const titles = await this.#albums.titlesOf(
      listed.map(({ id }) => id),
      call,
    );
    const isAny = listed.some(
      ({ media, originalSecret }) => media === "photo" && originalSecret !== undefined,
    );
    const hasOriginals = isAny && (await this.#givesOriginals(call));
    const instances: ServiceInstance[] = [];
    for (const words of listed) {
      throwIfAborted(call);
      const told = needsRawTags(words) ? await photoNow(this.#client, words.id, call) : words;
      if (told === null) continue;
      const instance = toInstance(told, { albums: titles.get(words.id) ?? [], hasOriginals });
      this.#onInstance(instance, { ...told, originalAddress: words.originalAddress });
      instances.push(instance);
    }
    return instances;
  }
}

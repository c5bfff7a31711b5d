import { PhotosyncError } from "../../domain/errors.js";
import { provesNothingDone } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import { type Created, type LibraryClient, MOST_IN_BATCH, type NewMedia } from "./library-client.js";
import type { LibraryMedia } from "./library-media.js";

/** What became of a wish for a new photo. */
export type Creation =
  | {
      readonly kind: "created";
      readonly media: LibraryMedia;
      /** False where this client may not see it: it came into the account by another way. */
      readonly isOwn: boolean;
    }
  | Extract<Created, { kind: "rejected" }>
  | { readonly kind: "unknown"; readonly error: unknown };

interface Waiting {
  readonly wish: NewMedia;
  readonly albumId: string | undefined;
  readonly call: Call;
  done(creation: Creation): void;
  failed(error: unknown): void;
}

/** Whether a failed request may have done its work all the same. */
const isOpenEnded = (error: unknown): boolean =>
  error instanceof PhotosyncError && error.kind === "transient" && !provesNothingDone(error);

/** Whether a whole request may have been refused because of a single wish in it: then nothing was made of any. */
const isForOne = (error: unknown): boolean =>
  error instanceof PhotosyncError && error.data["rpcStatus"] === "INVALID_ARGUMENT";

/**
 * Gathers upload tokens into few `batchCreate` requests, of which Google takes one at a time for a user and 10,000 requests of all
 * kinds a day. A request goes out as soon as no small upload is under way that would soon join it, or fifty wait. One that is
 * refused as a whole is sent again in halves, so that one photo that Google does not like fails alone.
 */
export class Creations {
  readonly #client: LibraryClient;
  readonly #waiting: Waiting[] = [];
  #uploading = 0;
  #isSending = false;

  constructor(client: LibraryClient) {
    this.#client = client;
  }

  /** Tells of an upload of bytes that will soon bring a token; call what it returns when the bytes are there or failed. */
  expectSoon(): () => void {
    this.#uploading += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#uploading -= 1;
      // Its own token is to be among the waiting ones first.
      queueMicrotask(() => this.#sendIfFull());
    };
  }

  /** Throws what refuses the whole request. */
  create(wish: NewMedia, albumId: string | undefined, call: Call): Promise<Creation> {
    return new Promise((done, failed) => {
      this.#waiting.push({ wish, albumId, call, done, failed });
      queueMicrotask(() => this.#sendIfFull());
    });
  }

  #sendIfFull(): void {
    const isDue = this.#uploading === 0 || this.#waiting.length >= MOST_IN_BATCH;
    const [first] = this.#waiting;
    if (this.#isSending || !isDue || first === undefined) return;
    const batch = this.#waiting.filter(({ albumId }) => albumId === first.albumId).slice(0, MOST_IN_BATCH);
    for (const one of batch) this.#waiting.splice(this.#waiting.indexOf(one), 1);
    this.#isSending = true;
    const next = () => {
      this.#isSending = false;
      this.#sendIfFull();
    };
    this.#send(batch, first.albumId, first.call).then(next, next);
  }

  async #send(batch: readonly Waiting[], albumId: string | undefined, call: Call): Promise<void> {
    try {
      const wishes = batch.map(({ wish }) => wish);
      const created = await this.#client.create(wishes, albumId, call);
      const own = await this.#readBack([...created.values()], call);
      for (const { wish, done } of batch) done(settled(created.get(wish.uploadToken), own));
    } catch (error) {
      if (batch.length > 1 && isForOne(error)) {
        const half = Math.ceil(batch.length / 2);
        await this.#send(batch.slice(0, half), albumId, call);
        await this.#send(batch.slice(half), albumId, call);
        return;
      }
      for (const { done, failed } of batch) {
        if (isOpenEnded(error)) done({ kind: "unknown", error });
        else failed(error);
      }
    }
  }

  /** What the service shows this client of what it says it made. */
  async #readBack(created: readonly Created[], call: Call): Promise<ReadonlyMap<string, LibraryMedia>> {
    const ids = [...new Set(created.flatMap((one) => (one.kind === "created" ? one.media.id : [])))];
    if (ids.length === 0) return new Map();
    const found = await this.#client.mediaBatch(ids, call);
    return new Map(found.flatMap((media) => (media === null ? [] : [[media.id, media]])));
  }
}

function settled(created: Created | undefined, own: ReadonlyMap<string, LibraryMedia>): Creation {
  if (created === undefined) return { kind: "unknown", error: new Error("no result for the upload token") };
  if (created.kind === "rejected") return created;
  const shown = own.get(created.media.id);
  return { kind: "created", media: shown ?? created.media, isOwn: shown !== undefined };
}

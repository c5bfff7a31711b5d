import type { Readable } from "node:stream";
import { PhotosyncError } from "../../../domain/errors.js";
import { backoffMs } from "../../../infra/http/backoff.js";
import { unavailable } from "../../../infra/http/failures.js";
import type { Time } from "../../../infra/http/time.js";
import { throwIfAborted, untilAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import { openObject } from "../objects/s3-objects.js";
import { STORE_CODES, s3Error } from "../requests/s3-errors.js";
import type { S3Requests } from "../requests/s3-requests.js";

/** So many breaks without a byte between them, and the reading is given up. */
const MOST_BREAKS = 5;
const BACKOFF = { firstMs: 200, longestMs: 5_000 };

export interface ReadOptions {
  /** The longest silence between two pieces. */
  readonly idleMs: number;
  readonly time: Time;
  readonly random: () => number;
  /** Which of the objects that had the key is being read: the first that is met, and then no other. */
  readonly version?: { etag?: string };
}

/**
 * The bytes of an object, or those of `range`, cut off at its end. A body that breaks off is gone on with where it broke, as long as the
 * object is still the same one. `absent` makes the error for an object that is not there. Throws as requests do, and `store.unavailable`.
 */
export async function* readObject(
  requests: S3Requests,
  key: string,
  range: readonly [number, number | null] | null,
  absent: () => Promise<Error>,
  options: ReadOptions,
  call: Call,
): AsyncGenerator<Uint8Array> {
  const last = range?.[1] ?? null;
  let first = range?.[0] ?? 0;
  const limit = last === null ? Number.POSITIVE_INFINITY : last + 1;
  let end: number | null = null;
  const version = options.version ?? {};
  for (let breaks = 0; ; ) {
    throwIfAborted(call);
    const opened = await openObject(requests, key, { first, last, ...version }, call);
    if (opened === null) throw await absent();
    if (opened === "beyond") return;
    if (opened === "changed")
      throw unavailable({
        account: STORE_CODES,
        message: `${key} was replaced in store ${requests.store} while it was read.`,
      });
    const bodyEnd = first + (opened.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (opened.sizeBytes !== null) end ??= Math.min(bodyEnd, limit);
    const until = end ?? limit;
    // There are servers that give the whole where its beginning was asked for.
    const isTooMuch = bodyEnd > until;
    if (opened.etag !== "") version.etag = opened.etag;
    const from = first;
    const broken: { error?: unknown } = {};
    for await (const chunk of untilAborted(
      pieces(opened.body, options.idleMs, requests, broken, call),
      call,
    )) {
      const wanted = isTooMuch ? chunk.subarray(0, until - first) : chunk;
      first += wanted.length;
      yield wanted;
      if (isTooMuch && first >= until) break;
    }
    // Where nobody said how long it is, an end that is none is an error of the connection.
    if (first >= until || (opened.sizeBytes === null && broken.error === undefined)) return;
    breaks = first > from ? 1 : breaks + 1;
    if (breaks > MOST_BREAKS) throw brokenOff(broken.error, requests, key, options.time);
    await options.time.sleep(backoffMs(breaks, BACKOFF, options.random), call);
  }
}

/** The pieces of a body until it ends or breaks; silence counts only while somebody waits for a piece. */
async function* pieces(
  body: Readable,
  idleMs: number,
  { store }: S3Requests,
  broken: { error?: unknown },
  call: Call,
): AsyncGenerator<Uint8Array> {
  let isWaiting = false;
  const watch = setTimeout(() => {
    if (isWaiting)
      body.destroy(
        unavailable({
          account: STORE_CODES,
          message: `Store ${store} fell silent in the middle of an object.`,
        }),
      );
  }, idleMs);
  watch.unref();
  const stop = () => body.destroy();
  call.signal.addEventListener("abort", stop, { once: true });
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      isWaiting = true;
      watch.refresh();
      let next: IteratorResult<unknown>;
      try {
        next = await chunks.next();
      } catch (error) {
        broken.error = error;
        return;
      }
      isWaiting = false;
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    clearTimeout(watch);
    call.signal.removeEventListener("abort", stop);
    body.destroy();
  }
}

function brokenOff(error: unknown, { store, place }: S3Requests, key: string, time: Time): unknown {
  const host = new URL(place.endpoint).host;
  const told = s3Error(error, {
    store,
    host,
    bucket: place.bucket,
    label: "read objects",
    nowMs: time.nowMs(),
  });
  if (told instanceof PhotosyncError) return told;
  return unavailable({
    account: STORE_CODES,
    message: `${key} broke off again and again while it was read from store ${store}.`,
  });
}

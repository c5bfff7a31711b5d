import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";
import { isAllowed } from "../../infra/http/service-address.js";
import { SNIFF_BYTES, sniffMediaType, typeOfExtension } from "../../infra/media/media-type.js";
import { untilAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Download } from "../../ports/photo-service.js";
import type { FlickrClient } from "./client.js";
import { statusFailed } from "./failures.js";

/** Bytes that are asked for, and what they have to be. */
export interface Wanted {
  readonly id: string;
  readonly address: string;
  readonly mediaKind: "image" | "video";
  readonly quality: Download["quality"];
  /** Extension that the bytes must have by content, where Flickr told one. */
  readonly format?: string;
  /** Where pictures may come from beside Flickr's own hosts: a stand-in's origin. */
  readonly standIn: string | null;
}

/** The image hosts answer 404 now and then for pictures that are there; it is believed the third time. */
const TRIES_BEFORE_GONE = 3;
const MOST_REDIRECTS = 3;
const FLICKRS = /(?:^|\.)(?:staticflickr|flickr)\.com$/;

const named = (client: FlickrClient, id: string): string => `photo ${id} on ${client.account}`;

/** What a person can do about bytes that the API does not give. */
export function notObtained(client: FlickrClient, id: string, why: string): PhotosyncError {
  return new PhotosyncError({
    kind: "partial",
    code: `${client.account}.not-obtained`,
    message: `The bytes of ${named(client, id)} cannot be had: ${why}.`,
    next: [
      "Ask Flickr for your data (Account settings, Your Flickr Data) and discover the zips of that export.",
      `A single video: open https://www.flickr.com/video_download.gne?id=${id} where you are signed in.`,
    ],
  });
}

/** Something else than the picture came: a page, or the picture that stands for one that is not available. */
const somethingElse = (client: FlickrClient, id: string, what: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: `${client.account}.not-the-picture`,
    message: `${named(client, id)} was asked for, and ${what} came instead; nothing was kept.`,
    next: ["Run the command again later; if it stays so, look at the photo on Flickr's own page."],
  });

function allowedAddress(client: FlickrClient, { id, standIn }: Wanted, text: string, base?: string): URL {
  const address = URL.canParse(text, base) ? new URL(text, base) : null;
  const isOurs = address !== null && (address.origin === standIn || FLICKRS.test(address.hostname));
  if (address === null || !isOurs || !isAllowed(address)) {
    throw somethingElse(client, id, "an address that is not Flickr's");
  }
  return address;
}

/** A redirect of a picture leads to the one for "not available"; a video's leads to its stream. */
function redirected(client: FlickrClient, wanted: Wanted, from: URL, location: string | null): URL {
  const to = allowedAddress(client, wanted, location ?? "", from.href);
  const leadsToStream = wanted.mediaKind === "video" && /\.[a-z0-9]{2,4}$/i.test(to.pathname);
  if (!leadsToStream || /unavailable/i.test(to.pathname)) {
    throw somethingElse(client, wanted.id, "the way to something else");
  }
  return to;
}

async function answerTo(
  client: FlickrClient,
  wanted: Wanted,
  fetch: typeof globalThis.fetch,
  call: Call,
  attempt: number,
): Promise<Response> {
  const asked = { account: client.account, label: "the bytes of a photo" };
  let address = allowedAddress(client, wanted, wanted.address);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await fetch(address, { signal: call.signal, redirect: "manual" });
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      address = redirected(client, wanted, address, headers.get("location"));
      continue;
    }
    if (status === 200) return response;
    const body = await response.text();
    if (status === 404 && attempt >= TRIES_BEFORE_GONE) {
      throw notObtained(client, wanted.id, "Flickr does not have them under the address that it gave");
    }
    throw statusFailed(asked, response, body, client.nowMs());
  }
  throw somethingElse(client, wanted.id, "one redirect after the other");
}

/** Collects the beginning of a stream, enough to tell what it is. */
async function headOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < SNIFF_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  return Buffer.concat(chunks);
}

async function judged(
  client: FlickrClient,
  wanted: Wanted,
  response: Response,
  head: Uint8Array,
): Promise<void> {
  const { id, mediaKind, format } = wanted;
  const type = response.headers.get("content-type") ?? "";
  if (/^\s*(?:text|application\/json)/i.test(type)) throw somethingElse(client, id, "a page");
  const found = await sniffMediaType(head.subarray(0, SNIFF_BYTES));
  if (found === null) throw somethingElse(client, id, "no picture or video");
  if ((mediaKind === "video") !== (found.kind === "video")) {
    throw somethingElse(client, id, mediaKind === "video" ? "a picture" : "a video");
  }
  const expected = format === undefined ? null : typeOfExtension(format);
  if (expected !== null && expected.extension !== found.extension) {
    throw somethingElse(client, id, `a ${found.extension} file, not the ${expected.extension} one`);
  }
}

/**
 * Opens the bytes under an address that Flickr gave. Nothing is let through that is not the kind of media that was asked for;
 * a body that ends early, or goes on too long, throws. Throws `<account>.not-obtained` (partial), `<account>.not-the-picture`
 * (integrity), `<account>.unavailable` and `<account>.rate-limited` (transient), `cancelled`.
 */
export async function download(client: FlickrClient, wanted: Wanted, call: Call): Promise<Download> {
  const opened = await client.fetchBytes(
    "the bytes of a photo",
    async (fetch, attemptCall, attempt) => {
      const response = await answerTo(client, wanted, fetch, attemptCall, attempt);
      const reader = response.body?.getReader();
      if (reader === undefined) throw somethingElse(client, wanted.id, "nothing");
      try {
        const head = await headOf(reader);
        await judged(client, wanted, response, head);
        return { reader, head, lengthText: response.headers.get("content-length") };
      } catch (error) {
        reader.cancel().catch(() => {});
        throw error;
      }
    },
    call,
  );
  const length = Number(opened.lengthText ?? Number.NaN);
  const sizeBytes = Number.isSafeInteger(length) && opened.lengthText !== null ? length : undefined;
  const whole = counted(client, wanted.id, opened.head, opened.reader, sizeBytes);
  return {
    bytes: untilAborted(whole, call),
    quality: wanted.quality,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

async function* counted(
  client: FlickrClient,
  id: string,
  head: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  sizeBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let received = head.length;
  try {
    yield head;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      received += value.length;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (sizeBytes !== undefined && received !== sizeBytes) {
    throw unavailable({
      account: client.account,
      message: `${named(client, id)}: ${received} bytes came of ${sizeBytes}.`,
    });
  }
}

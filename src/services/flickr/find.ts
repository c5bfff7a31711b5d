import type { Call } from "../../ports/call.js";
import type { Found, UploadMark } from "../../ports/photo-service.js";
import type { FlickrClient } from "./client.js";
import { allPhotos, PAGE_SIZE } from "./lists.js";
import { markAmong, markTags } from "./own-tags.js";
import { LIST_EXTRAS, type PhotoWords, wordsOfListed } from "./photo-words.js";
import { photoNow } from "./read-photo.js";
import { listAt, recordAt } from "./shapes.js";
import { toInstance } from "./to-instance.js";

/**
 * How long Flickr may take to show an upload in the list of the account's photos. No figure is known; that list is reported to be
 * live, unlike the search. A photo that shows up even later is still not sent twice, because Flickr compares the bytes.
 */
const LAG_MS = 5 * 60_000;
/** Clocks differ, and a request takes its time. */
const CLOCK_SECONDS = 3600;
/** As many pages of newest uploads as are looked through. */
const MOST_PAGES = 20;

const bears = (mark: Required<UploadMark>, words: PhotoWords): boolean =>
  markAmong(words.cleanTags)?.photoId === mark.photoId;

/**
 * Looks for an upload by the tags that it was sent with: first among the newest uploads, which are listed at once, then in the
 * search, which lags and knows old ones, too. A tag of somebody else's is no proof. "Not there" is certain when nothing was sent, or
 * when it was long enough ago for the list to know.
 */
export async function findUpload(
  client: FlickrClient,
  mark: Required<UploadMark>,
  sentAfter: string | undefined,
  call: Call,
): Promise<Found> {
  const sentAtMs = sentAfter === undefined ? Number.NaN : Date.parse(sentAfter);
  if (Number.isFinite(sentAtMs)) {
    const found = await amongNewest(client, mark, Math.floor(sentAtMs / 1000) - CLOCK_SECONDS, call);
    if (found !== null) return found;
  }
  const found = await bySearch(client, mark, call);
  if (found !== null) return found;
  const lagLeftMs = sentAfter === undefined ? 0 : LAG_MS - (client.nowMs() - sentAtMs);
  // A clock that was set back must not make anybody wait for hours.
  return lagLeftMs > 0
    ? { kind: "absent", isCertain: false, askAgainMs: Math.min(lagLeftMs, LAG_MS) }
    : { kind: "absent", isCertain: true };
}

async function amongNewest(
  client: FlickrClient,
  mark: Required<UploadMark>,
  since: number,
  call: Call,
): Promise<Found | null> {
  let pages = 0;
  for await (const listed of allPhotos(client, since, call)) {
    const found = await proven(client, mark, listed, call);
    if (found !== null) return found;
    pages += 1;
    if (pages >= MOST_PAGES) break;
  }
  return null;
}

async function bySearch(client: FlickrClient, mark: Required<UploadMark>, call: Call): Promise<Found | null> {
  const [idTag = ""] = markTags(mark);
  const query = idTag.replace(/=(.*)$/, '="$1"');
  const params = { user_id: "me", machine_tags: query, extras: LIST_EXTRAS, per_page: String(PAGE_SIZE) };
  const answer = await client.ask("photos.search", params, call);
  const listed = (listAt(recordAt(answer, "photos"), "photo") ?? [])
    .map((record) => wordsOfListed(record))
    .filter((words) => words !== null);
  return proven(client, mark, listed, call);
}

async function proven(
  client: FlickrClient,
  mark: Required<UploadMark>,
  listed: readonly PhotoWords[],
  call: Call,
): Promise<Found | null> {
  for (const { id } of listed.filter((words) => bears(mark, words))) {
    const now = await photoNow(client, id, call);
    const instance = now === null ? null : toInstance(now);
    if (instance?.mark?.photoId === mark.photoId) return { kind: "found", instance };
  }
  return null;
}

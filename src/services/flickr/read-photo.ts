import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { flickrCodeOf, noAnswer } from "./failures.js";
import { allPhotos, changedPhotos } from "./lists.js";
import { type PhotoWords, wordsOfTold } from "./photo-words.js";
import { versionOf } from "./to-instance.js";

/** Code 1 of methods that take a photo's id: it is not there, is not an id, or is not for the caller to see. */
export const NOT_FOUND = 1;

/** What `photos.getInfo` says of a photo now; null when it is not there or not for this account to see. */
export async function photoNow(client: FlickrClient, id: string, call: Call): Promise<PhotoWords | null> {
  try {
    const words = wordsOfTold(await client.ask("photos.getInfo", { photo_id: id }, call));
    if (words?.id !== id) throw noAnswer({ account: client.account, label: "photos.getInfo" });
    return words;
  } catch (error) {
    if (flickrCodeOf(error) === NOT_FOUND) return null;
    throw error;
  }
}

/** True where Flickr's list of changes knows a photo otherwise than it was read: a photo's own reads may be behind. */
export async function hasMovedOn(client: FlickrClient, now: PhotoWords, call: Call): Promise<boolean> {
  const since = Number(now.lastUpdate ?? 1);
  for await (const changed of changedPhotos(client, Number.isSafeInteger(since) ? since : 1, call)) {
    const found = changed.find(({ id }) => id === now.id);
    if (found !== undefined) return versionOf(found) !== versionOf(now);
  }
  return false;
}

/** Clocks differ, and a request takes its time. */
const CLOCK_SECONDS = 3600;

/**
 * A photo that was uploaded a moment ago, as private: by its own words or, while those are behind, by the list of newest uploads. Nobody
 * else can have tagged it yet.
 */
export async function uploadedNow(client: FlickrClient, id: string, call: Call): Promise<PhotoWords | null> {
  const told = await photoNow(client, id, call);
  if (told !== null) return told;
  const since = Math.floor(client.nowMs() / 1000) - CLOCK_SECONDS;
  for await (const listed of allPhotos(client, since, call)) {
    const found = listed.find((words) => words.id === id);
    if (found === undefined) continue;
    const tags = found.cleanTags.map((clean) => ({ id: "", raw: clean, clean, author: found.owner }));
    return { ...found, tags };
  }
  return null;
}

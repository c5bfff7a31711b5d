import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { flickrCodeOf, noAnswer } from "./failures.js";
import { type PhotoWords, wordsOfTold } from "./photo-words.js";

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

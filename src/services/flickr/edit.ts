import { PhotosyncError } from "../../domain/errors.js";
import type { Place } from "../../domain/photo.js";
import type { WrittenFields } from "../../domain/service-fields.js";
import { parseTakenDate } from "../../domain/taken-date.js";
import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { flickrCodeOf } from "./failures.js";
import { isBookkeeping } from "./own-tags.js";
import type { PhotoWords } from "./photo-words.js";
import { hasMovedOn } from "./read-photo.js";
import { recordAt, textOf } from "./shapes.js";
import { cleanTag, tagsText, writableTag } from "./tag-text.js";

/** Flickr keeps six decimals. */
const degreesText = (degrees: number): string => degrees.toFixed(6);

const NOBODY = { is_public: "0", is_contact: "0", is_friend: "0", is_family: "0" } as const;

const bit = (flag: boolean | undefined): "0" | "1" => (flag === true ? "1" : "0");

async function writeTexts(
  client: FlickrClient,
  now: PhotoWords,
  { title = now.title, caption = now.description }: WrittenFields,
  call: Call,
): Promise<void> {
  if (title === now.title && caption === now.description) return;
  // What stays as it is is sent along: with one of the two left out, Flickr's pages do not say what becomes of it.
  const params = { photo_id: now.id, title, description: caption };
  await client.tell("photos.setMeta", params, true, call);
}

const tooManyTags = (client: FlickrClient, id: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${client.account}.too-many-tags`,
    message: `${client.account} takes no more tags for photo ${id}; none were changed.`,
    next: ["Flickr allows about 75 tags for a photo: take some away from the photo in the library."],
  });

/** Code 2 of the methods that set tags: more than a photo may have, and nothing was changed. */
const TOO_MANY = 2;

async function writeTags(
  client: FlickrClient,
  now: PhotoWords,
  wanted: readonly string[],
  call: Call,
): Promise<void> {
  const present = now.tags ?? [];
  const kept = present.filter(({ raw }) => isBookkeeping(raw));
  const asked = wanted.map(writableTag).filter((tag) => tag !== "");
  const has = new Set(present.map(({ clean }) => clean));
  const missing = asked.filter((tag) => !has.has(cleanTag(tag)));
  const wantedClean = new Set(asked.map(cleanTag));
  const isSurplus = present.some(({ raw, clean }) => !isBookkeeping(raw) && !wantedClean.has(clean));
  if (missing.length === 0 && !isSurplus) return;
  const [method, tags] = isSurplus
    ? (["photos.setTags", [...kept.map(({ raw }) => raw), ...asked]] as const)
    : (["photos.addTags", missing] as const);
  try {
    await client.tell(method, { photo_id: now.id, tags: tagsText(tags) }, true, call);
  } catch (error) {
    if (flickrCodeOf(error) === TOO_MANY) throw tooManyTags(client, now.id);
    throw error;
  }
}

/**
 * Flickr keeps the photographer's wall clock and no zone (misc.dates), so that is what is sent of a date that has one. An instant
 * whose local time nobody knows is not written: any clock would be made up.
 */
async function writeDate(client: FlickrClient, now: PhotoWords, date: string, call: Call): Promise<void> {
  if (parseTakenDate(date)?.instantOnly !== false) return;
  const taken = `${date.slice(0, 10)} ${date.slice(11, 19)}`;
  if (taken === now.taken && !now.isTakenUnknown && (now.takenGranularity ?? "0") === "0") return;
  const params = { photo_id: now.id, date_taken: taken, date_taken_granularity: "0" };
  await client.tell("photos.setDates", params, true, call);
}

const isSameSpot = (now: PhotoWords, place: Place): boolean =>
  now.where !== null &&
  degreesText(now.where.place.lat) === degreesText(place.lat) &&
  degreesText(now.where.place.lng) === degreesText(place.lng);

/** What everybody who sees the photo would learn for a moment, before the place could be hidden. */
const placeWouldShow = (client: FlickrClient, id: string): PhotosyncError =>
  new PhotosyncError({
    kind: "partial",
    code: `${client.account}.place-would-show`,
    message: `The place of photo ${id} was not written: others can see the photo, and ${client.account} could show them the place as well.`,
    next: [
      "On flickr.com, under Privacy & Permissions, let only you see where your new photos were taken; then run the command again.",
    ],
  });

/** 6 of `prefs.getGeoPerms`: a new place is the owner's alone. */
const PLACES_ARE_PRIVATE = "6";

/**
 * Throws `<account>.place-would-show` (partial) where writing this place would show it to somebody. A new place gets the account's
 * own default, and can be hidden only after it has been written.
 */
export async function checkPlace(
  client: FlickrClient,
  now: PhotoWords,
  fields: WrittenFields,
  call: Call,
): Promise<void> {
  if (fields.location === undefined || isSameSpot(now, fields.location)) return;
  // Nothing is documented of what becomes of a place's own flags when it moves; where everybody knew it, nobody is added.
  if (now.where?.isPublic === true) return;
  const isOwnersAlone = now.isPublic === false && now.isFriend === false && now.isFamily === false;
  if (isOwnersAlone && !(await hasMovedOn(client, now, call))) return;
  const answer = await client.ask("prefs.getGeoPerms", {}, call);
  if (textOf(recordAt(answer, "person")["geoperms"]) !== PLACES_ARE_PRIVATE) {
    throw placeWouldShow(client, now.id);
  }
}

async function writePlace(client: FlickrClient, now: PhotoWords, place: Place, call: Call): Promise<void> {
  if (isSameSpot(now, place)) return;
  const { id, where } = now;
  const spot = { lat: degreesText(place.lat), lon: degreesText(place.lng), accuracy: "16" };
  await client.tell("photos.geo.setLocation", { photo_id: id, ...spot }, true, call);
  // A place that was moved keeps who may know of it; a new one is for nobody else.
  const perms =
    where === null
      ? NOBODY
      : {
          is_public: bit(where.isPublic),
          is_contact: bit(where.isContact),
          is_friend: bit(where.isFriend),
          is_family: bit(where.isFamily),
        };
  await client.tell("photos.geo.setPerms", { photo_id: id, ...perms }, true, call);
}

/** Makes a place that came with an upload the owner's alone; true where others could have known it. */
export async function hidePlace(client: FlickrClient, now: PhotoWords, call: Call): Promise<boolean> {
  const { where } = now;
  if (where === null) return false;
  const flags = [where.isPublic, where.isContact, where.isFriend, where.isFamily];
  if (flags.every((flag) => flag === false)) return false;
  await client.tell("photos.geo.setPerms", { photo_id: now.id, ...NOBODY }, true, call);
  return true;
}

/**
 * Before a photo is shown to more people: takes its place from all who cannot know it yet. What the owner approved is that they see
 * the photo; a place that came with an upload, or with an account's defaults, was never asked about.
 */
export async function keepPlace(client: FlickrClient, now: PhotoWords, call: Call): Promise<void> {
  const { where, isFriend, isFamily } = now;
  if (where === null) return;
  const isForAll = where.isPublic === true || where.isContact === true;
  const kept = {
    ...NOBODY,
    is_friend: bit((isForAll || where.isFriend === true) && isFriend === true),
    is_family: bit((isForAll || where.isFamily === true) && isFamily === true),
  };
  const isSo =
    where.isPublic === false &&
    where.isContact === false &&
    where.isFriend === (kept.is_friend === "1") &&
    where.isFamily === (kept.is_family === "1");
  if (!isSo) await client.tell("photos.geo.setPerms", { photo_id: now.id, ...kept }, true, call);
}

/** Writes what differs, one request for each kind of thing. Albums are not among it. */
export async function writeFields(
  client: FlickrClient,
  now: PhotoWords,
  fields: WrittenFields,
  call: Call,
): Promise<void> {
  await checkPlace(client, now, fields, call);
  await writeTexts(client, now, fields, call);
  if (fields.tags !== undefined) await writeTags(client, now, fields.tags, call);
  if (fields.taken_date !== undefined) await writeDate(client, now, fields.taken_date, call);
  if (fields.location !== undefined) await writePlace(client, now, fields.location, call);
}

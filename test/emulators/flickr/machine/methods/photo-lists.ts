import { type Answer, fail } from "../answer.js";
import { unixDate } from "../dates.js";
import { type Method, reader } from "../method.js";
import { type Args, pageOf } from "../paging.js";
import { listAnswer, photosAnswer } from "../photos-answer.js";
import type { Caller } from "../rights.js";
import { filtered, listedPhotos, newestFirst } from "../selection.js";
import type { Photo } from "../state.js";
import type { World } from "../world.js";

/** A list of those of the caller's own photos that the test lets through, newest first. */
const ownList =
  (testIn: (world: World) => (photo: Photo) => boolean) =>
  (world: World, args: Args, caller: Caller): Answer => {
    const photos = listedPhotos(world, caller, world.options.listLagSeconds, caller.nsid);
    const chosen = filtered(photos, args, caller).filter(testIn(world));
    return listAnswer(world, args, caller, chosen.sort(newestFirst));
  };

const isInNoSet = (world: World): ((photo: Photo) => boolean) => {
  const inSets = new Set([...world.state.sets.values()].flatMap((set) => set.photoIds));
  return (photo) => !inSets.has(photo.id);
};

/** Creations and changes since a date, the last change first. What was deleted never shows here. */
function recentlyUpdated(world: World, args: Args, caller: Caller): Answer {
  if (!args["min_date"]) return fail(1, "Required argument missing.");
  const since = unixDate(args["min_date"]);
  if (since === null) return fail(2, "Not a valid date");
  const photos = listedPhotos(world, caller, world.options.listLagSeconds, caller.nsid)
    .filter((photo) => photo.updatedAt >= since)
    .sort((a, b) => b.updatedAt - a.updatedAt || newestFirst(a, b));
  return photosAnswer(world, args, caller, pageOf(photos, args), ["last_update"]);
}

export const photoListMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.recentlyUpdated": reader("read", recentlyUpdated),
  "flickr.photos.getNotInSet": reader("read", ownList(isInNoSet)),
  "flickr.photos.getUntagged": reader(
    "read",
    ownList(() => (photo) => photo.tags.length === 0),
  ),
  "flickr.photos.getWithGeoData": reader(
    "read",
    ownList(() => (photo) => photo.place !== null),
  ),
  "flickr.photos.getWithoutGeoData": reader(
    "read",
    ownList(() => (photo) => photo.place === null),
  ),
};

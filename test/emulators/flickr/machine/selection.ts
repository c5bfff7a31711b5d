import { unixDate, wallClock } from "./dates.js";
import type { Args } from "./paging.js";
import { type Caller, mayView } from "./rights.js";
import type { Photo } from "./state.js";
import type { World } from "./world.js";

/** A photo's record as a list that lags so many seconds shows it; undefined where the list does not know it yet. */
export function asListed(world: World, photo: Photo, lagSeconds: number): Photo | undefined {
  if (lagSeconds === 0) return photo;
  const then = world.now() - lagSeconds;
  return world.state.past.get(photo.id)?.findLast((earlier) => earlier.at <= then)?.photo;
}

/** What a list holds for the caller: rights as they are now, all else as of the list's lag. In no order. */
export function listedPhotos(
  world: World,
  caller: Caller,
  lagSeconds: number,
  owner: string | null,
): readonly Photo[] {
  const found: Photo[] = [];
  for (const photo of world.state.photos.values()) {
    if (owner !== null && photo.owner !== owner) continue;
    const listed = asListed(world, photo, lagSeconds);
    if (listed !== undefined && mayView(world.state, photo, caller)) found.push(listed);
  }
  return found;
}

/** The newest upload first. */
export const newestFirst = (a: Photo, b: Photo): number =>
  b.postedAt - a.postedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const PRIVACY_FILTERS: Readonly<Record<string, (photo: Photo) => boolean>> = {
  "1": (photo) => photo.isPublic,
  "2": (photo) => !photo.isPublic && photo.isFriend && !photo.isFamily,
  "3": (photo) => !photo.isPublic && !photo.isFriend && photo.isFamily,
  "4": (photo) => !photo.isPublic && photo.isFriend && photo.isFamily,
  "5": (photo) => !photo.isPublic && !photo.isFriend && !photo.isFamily,
};

function within(value: string | number, least: string | number | null, most: string | number | null) {
  return (least === null || value >= least) && (most === null || value <= most);
}

/** A date of capture as the lists compare it; unix seconds are taken as well. */
function takenBound(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  const seconds = unixDate(text);
  return seconds === null ? null : wallClock(seconds);
}

const uploadBound = (text: string | undefined): number | null =>
  text === undefined || text === "" ? null : unixDate(text);

/** Those that the arguments common to all lists let through: dates (bounds included), `privacy_filter`, `media`, `has_geo`. */
export function filtered(photos: readonly Photo[], args: Args, caller: Caller): readonly Photo[] {
  const uploads = [uploadBound(args["min_upload_date"]), uploadBound(args["max_upload_date"])] as const;
  const takens = [takenBound(args["min_taken_date"]), takenBound(args["max_taken_date"])] as const;
  const privacy = PRIVACY_FILTERS[args["privacy_filter"] ?? ""];
  const media = { photos: "photo", videos: "video" }[args["media"] ?? ""];
  return photos.filter(
    (photo) =>
      within(photo.postedAt, ...uploads) &&
      within(photo.taken, ...takens) &&
      (privacy === undefined || photo.owner !== caller.nsid || privacy(photo)) &&
      (media === undefined || photo.media === media) &&
      (args["content_type"] === undefined ||
        args["content_type"] === "7" ||
        args["content_type"] === String(photo.contentType)),
  );
}

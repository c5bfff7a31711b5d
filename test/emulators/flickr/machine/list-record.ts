import { measured, originalAddress, SIZES, sizeAddress } from "./address.js";
import { bit, content, type Json, type JsonObject } from "./answer.js";
import type { Args } from "./paging.js";
import { type Caller, hasLargeSizes, mayHaveOriginal, visiblePlace } from "./rights.js";
import type { Photo } from "./state.js";
import type { World } from "./world.js";

type Fields = Record<string, Json>;
type Extra = (world: World, photo: Photo, caller: Caller) => Fields;

/** Half of the photos have their numbers as texts, as older records do: a client must take either. */
const isOldStyle = (photo: Photo): boolean => Number(photo.id.slice(-2)) % 2 === 1;

function geo(world: World, photo: Photo, caller: Caller): Fields {
  const place = visiblePlace(world.state, photo, caller);
  if (place === null) return { latitude: 0, longitude: 0, accuracy: 0, context: 0 };
  const oldStyle = isOldStyle(photo);
  return {
    latitude: place.latitude,
    longitude: oldStyle ? Number(place.longitude) : place.longitude,
    accuracy: String(place.accuracy),
    context: place.context,
    place_id: "",
    woeid: "",
    geo_is_family: bit(place.isFamily),
    geo_is_friend: bit(place.isFriend),
    geo_is_contact: bit(place.isContact),
    geo_is_public: bit(place.isPublic),
  };
}

function original(world: World, photo: Photo, caller: Caller): Fields {
  const isTold =
    mayHaveOriginal(world.state, photo, caller) ||
    (world.options.freeOriginals !== "absent" && photo.owner === caller.nsid);
  if (!isTold) return {};
  return {
    originalsecret: photo.originalSecret,
    originalformat: photo.media === "video" ? "jpg" : photo.originalFormat,
  };
}

const isToldOriginal = (world: World, photo: Photo, caller: Caller): boolean =>
  "originalsecret" in original(world, photo, caller);

const EXTRAS: Readonly<Record<string, Extra>> = {
  description: (_, photo) => ({ description: content(photo.description) }),
  license: (_, photo) => ({ license: photo.license }),
  date_upload: (_, photo) => ({ dateupload: String(photo.postedAt) }),
  last_update: (_, photo) => ({ lastupdate: String(photo.updatedAt) }),
  date_taken: (_, photo) => ({
    datetaken: photo.taken,
    datetakengranularity: isOldStyle(photo) ? String(photo.takenGranularity) : photo.takenGranularity,
    datetakenunknown: isOldStyle(photo) ? String(bit(photo.isTakenUnknown)) : bit(photo.isTakenUnknown),
  }),
  owner_name: (world, photo) => ({ ownername: world.state.accounts.get(photo.owner)?.username ?? "" }),
  icon_server: () => ({ iconserver: "0", iconfarm: 0 }),
  original_format: original,
  o_dims: (world, photo, caller) =>
    isToldOriginal(world, photo, caller)
      ? { o_width: String(photo.width), o_height: String(photo.height) }
      : {},
  geo,
  tags: (_, photo) => ({ tags: photo.tags.map((tag) => tag.clean).join(" ") }),
  machine_tags: (_, photo) => ({
    machine_tags: photo.tags
      .filter((tag) => tag.isMachineTag)
      .map((tag) => tag.clean)
      .join(" "),
  }),
  media: (_, photo) => ({ media: photo.media, media_status: "ready" }),
  path_alias: (world, photo) => ({ pathalias: world.state.accounts.get(photo.owner)?.pathAlias ?? null }),
  views: () => ({ views: "0" }),
};

function sizeFields(world: World, photo: Photo, caller: Caller, wanted: ReadonlySet<string>): Fields {
  const fields: Fields = {};
  const add = (extra: string, url: string, width: number, height: number) => {
    fields[`url_${extra}`] = url;
    fields[`height_${extra}`] = isOldStyle(photo) ? String(height) : height;
    fields[`width_${extra}`] = width;
  };
  const isLarge = hasLargeSizes(world.state, photo);
  for (const size of SIZES) {
    if (!wanted.has(`url_${size.extra}`) || (size.side > 1024 && !isLarge)) continue;
    const sides = measured(photo, size);
    if (sides !== null) {
      add(size.extra, sizeAddress(world.addresses, photo, size), sides.width, sides.height);
    }
  }
  if (wanted.has("url_o") && isToldOriginal(world, photo, caller)) {
    add("o", originalAddress(world.addresses, photo), photo.width, photo.height);
  }
  return fields;
}

/** The extras a call asks for; names that Flickr does not know are ignored. */
export const extrasOf = (args: Args): ReadonlySet<string> =>
  new Set((args["extras"] ?? "").split(",").map((name) => name.trim()));

/** A photo as lists show it. */
export function listRecord(
  world: World,
  photo: Photo,
  caller: Caller,
  extras: ReadonlySet<string>,
): JsonObject {
  const record: Fields = {
    id: photo.id,
    owner: photo.owner,
    secret: photo.secret,
    server: photo.server,
    farm: 66,
    title: photo.title,
    ispublic: bit(photo.isPublic),
    isfriend: bit(photo.isFriend),
    isfamily: bit(photo.isFamily),
  };
  for (const [name, extra] of Object.entries(EXTRAS)) {
    if (extras.has(name)) Object.assign(record, extra(world, photo, caller));
  }
  return { ...record, ...sizeFields(world, photo, caller, extras) };
}

import { type Answer, bit, fail, ok } from "../answer.js";
import { asTold, type Method, ownPhoto, photoNotFound, reader, seenPhoto, setter } from "../method.js";
import type { Args } from "../paging.js";
import { placeRecords } from "../photo-record.js";
import { defaultPlaceFlags, degrees } from "../places.js";
import { type Caller, visiblePlace } from "../rights.js";
import type { PhotoPlace } from "../state.js";
import type { World } from "../world.js";

function setLocation(world: World, args: Args, caller: Caller): Answer {
  const photo = ownPhoto(world, args, caller);
  const owner = world.state.accounts.get(caller.nsid ?? "");
  if (photo === null || owner === undefined) return photoNotFound(args);
  if (!args["lat"] || !args["lon"]) return fail(2, "Required arguments missing");
  const latitude = degrees(args["lat"], 90);
  if (latitude === null) return fail(3, "Not a valid latitude.");
  const longitude = degrees(args["lon"], 180);
  if (longitude === null) return fail(4, "Not a valid longitude.");
  const accuracy = Number(args["accuracy"] || "16");
  if (!Number.isInteger(accuracy) || accuracy < 1 || accuracy > 16) return fail(5, "Not a valid accuracy.");
  const context = ({ "1": 1, "2": 2 } as const)[args["context"] ?? ""] ?? 0;
  const flags = photo.place ?? defaultPlaceFlags(owner);
  if (flags === null) {
    return fail(7, "The user has not configured default viewing settings for location data.");
  }
  world.put({ ...photo, place: { ...flags, latitude, longitude, accuracy, context } });
  return ok();
}

function setPerms(world: World, args: Args, caller: Caller): Answer {
  const photo = ownPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const flags = ["is_public", "is_contact", "is_friend", "is_family"].map((name) => args[name]);
  if (!flags.every((flag) => flag === "0" || flag === "1")) return fail(3, "Required arguments missing.");
  if (photo.place === null) return fail(2, "Photo has no location information");
  const [isPublic, isContact, isFriend, isFamily] = flags.map((flag) => flag === "1");
  const place: PhotoPlace = {
    ...photo.place,
    isPublic: isPublic === true,
    isContact: isContact === true,
    isFriend: isFriend === true,
    isFamily: isFamily === true,
  };
  world.put({ ...photo, place });
  return ok();
}

function getPerms(world: World, args: Args, caller: Caller): Answer {
  const photo = asTold(world, ownPhoto(world, args, caller));
  if (photo === null) return photoNotFound(args);
  if (photo.place === null) return fail(2, "Photo has no location information");
  const { isPublic, isContact, isFriend, isFamily } = photo.place;
  return ok({
    perms: {
      id: photo.id,
      ispublic: bit(isPublic),
      iscontact: bit(isContact),
      isfriend: bit(isFriend),
      isfamily: bit(isFamily),
    },
  });
}

function getLocation(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const place = visiblePlace(world.state, photo, caller);
  if (place === null) return fail(2, "Photo has no location information.");
  return ok({ photo: { id: photo.id, location: placeRecords(place)["location"] ?? {} } });
}

function removeLocation(world: World, args: Args, caller: Caller): Answer {
  const photo = ownPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  if (photo.place === null) return fail(2, "Photo has no location information");
  world.put({ ...photo, place: null });
  return ok();
}

export const geoMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.geo.setLocation": setter(setLocation),
  "flickr.photos.geo.setPerms": setter(setPerms),
  "flickr.photos.geo.getPerms": reader("read", getPerms),
  "flickr.photos.geo.getLocation": reader("none", getLocation),
  "flickr.photos.geo.removeLocation": setter(removeLocation),
};

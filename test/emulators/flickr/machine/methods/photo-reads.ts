import {
  measured,
  originalAddress,
  SIZES,
  sizeAddress,
  streamAddress,
  videoOriginalAddress,
} from "../address.js";
import { type Answer, bit, fail, type JsonObject, ok } from "../answer.js";
import { asTold, type Method, ownPhoto, photoNotFound, reader, seenPhoto } from "../method.js";
import type { Args } from "../paging.js";
import { photoRecord } from "../photo-record.js";
import { type Caller, callersTie, hasLargeSizes, mayHaveOriginal } from "../rights.js";
import type { Photo } from "../state.js";
import type { World } from "../world.js";

/** The photo where the caller may see it or knows its secret: the method's page says that this skips the check. */
function openedPhoto(world: World, args: Args, caller: Caller): Photo | null {
  const photo = world.state.photos.get(args["photo_id"] ?? "");
  return photo !== undefined && args["secret"] === photo.secret ? photo : seenPhoto(world, args, caller);
}

function getInfo(world: World, args: Args, caller: Caller): Answer {
  const photo = asTold(world, openedPhoto(world, args, caller));
  return photo === null ? photoNotFound(args) : ok({ photo: photoRecord(world, photo, caller) });
}

function getPerms(world: World, args: Args, caller: Caller): Answer {
  const photo = asTold(world, ownPhoto(world, args, caller));
  if (photo === null) return photoNotFound(args);
  const { id, permComment, permAddMeta } = photo;
  const flags = {
    ispublic: bit(photo.isPublic),
    isfriend: bit(photo.isFriend),
    isfamily: bit(photo.isFamily),
  };
  return ok({ perms: { id, ...flags, permcomment: permComment, permaddmeta: permAddMeta } });
}

function sizeRecord(photo: Photo, label: string, width: number, height: number, source: string): JsonObject {
  // As recorded: the small square's sides are numbers, those of the rest numbers or texts.
  const mixed = (side: number) => (label === "Square" || label.length % 2 === 0 ? side : String(side));
  const url = `https://www.flickr.com/photos/${photo.owner}/${photo.id}/sizes/`;
  return { label, width: mixed(width), height: mixed(height), source, url, media: "photo" };
}

function videoSizes(world: World, photo: Photo, hasOriginal: boolean): JsonObject[] {
  const play = (label: string, kind: string, secret: string): JsonObject => ({
    label,
    width: "",
    height: "",
    source: `${world.addresses.www}/photos/${photo.owner}/${photo.id}/play/${kind}/${secret}/`,
    url: `https://www.flickr.com/photos/${photo.owner}/${photo.id}/`,
    media: "video",
  });
  const original: JsonObject = {
    ...play("Video Original", "orig", photo.originalSecret),
    source: videoOriginalAddress(world.addresses, photo),
  };
  return [play("360p", "360p", photo.secret), ...(hasOriginal ? [original] : [])];
}

function getSizes(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const isToldOriginal =
    mayHaveOriginal(world.state, photo, caller) ||
    (world.options.freeOriginals !== "absent" && photo.owner === caller.nsid);
  const large = hasLargeSizes(world.state, photo);
  const size: JsonObject[] = [];
  for (const each of SIZES) {
    const sides = each.side > 1024 && !large ? null : measured(photo, each);
    if (sides !== null) {
      const source = sizeAddress(world.addresses, photo, each);
      size.push(sizeRecord(photo, each.label, sides.width, sides.height, source));
    }
  }
  if (isToldOriginal) {
    const source = originalAddress(world.addresses, photo);
    size.push(sizeRecord(photo, "Original", photo.width, photo.height, source));
  }
  if (photo.media === "video") size.push(...videoSizes(world, photo, isToldOriginal));
  const own = bit(callersTie(world.state, photo, caller).isOwner);
  return ok({ sizes: { canblog: own, canprint: own, candownload: bit(isToldOriginal), size } });
}

function getExif(world: World, args: Args, caller: Caller): Answer {
  const photo = openedPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const isShown = world.state.accounts.get(photo.owner)?.showsExif === true || photo.owner === caller.nsid;
  if (!isShown) return fail(2, "Permission denied");
  const exif = Object.entries(photo.exif).map(([tag, raw]) => ({
    tagspace: "IFD0",
    tagspaceid: 0,
    tag,
    label: tag,
    raw: { _content: raw },
  }));
  const { id, secret, server } = photo;
  return ok({ photo: { id, secret, server, farm: 66, camera: photo.exif["Model"] ?? "", exif } });
}

/** What downloaders of videos use, though no page describes it. */
function getStreamInfo(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null || photo.media !== "video") return photoNotFound(args);
  if (args["secret"] !== photo.secret) return photoNotFound(args);
  const stream = (type: string) => ({
    type,
    _content: streamAddress(world.addresses, photo, type, world.now()),
  });
  const original = mayHaveOriginal(world.state, photo, caller) ? [stream("orig")] : [];
  return ok({ streams: { stream: [...original, stream("360p")] } });
}

export const photoReadMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.getInfo": reader("none", getInfo),
  "flickr.photos.getPerms": reader("read", getPerms),
  "flickr.photos.getSizes": reader("none", getSizes),
  "flickr.photos.getExif": reader("none", getExif),
  "flickr.video.getStreamInfo": reader("none", getStreamInfo),
};

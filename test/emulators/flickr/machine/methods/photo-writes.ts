import { type Answer, content, fail, ok } from "../answer.js";
import { takenDate, unixDate, wallClock } from "../dates.js";
import { hex } from "../ids.js";
import { type Method, ownPhoto, photoNotFound, setter } from "../method.js";
import type { Args } from "../paging.js";
import type { Caller } from "../rights.js";
import type { Audience, ContentType, Photo, SafetyLevel } from "../state.js";
import { storedText } from "../stored-text.js";
import type { World } from "../world.js";

/** A setter of the caller's own photo. */
const ofOwnPhoto =
  (run: (world: World, photo: Photo, args: Args) => Answer): Method["run"] =>
  (world, args, caller: Caller) => {
    const photo = ownPhoto(world, args, caller);
    return photo === null ? photoNotFound(args) : run(world, photo, args);
  };

const isFlag = (text: string | undefined): boolean => text === "0" || text === "1";
const audience = (text: string | undefined, otherwise: Audience): Audience =>
  text !== undefined && /^[0-3]$/.test(text) ? (Number(text) as Audience) : otherwise;

function setPerms(world: World, photo: Photo, args: Args): Answer {
  const flags = [args["is_public"], args["is_friend"], args["is_family"]];
  if (!flags.every(isFlag)) return fail(2, "Required arguments missing");
  const isPublic = flags[0] === "1";
  const isKept = world.options.omittedPerms === "keep";
  const secrets = world.options.setPermsChangesSecrets
    ? { secret: hex(world.random, 10), originalSecret: hex(world.random, 10) }
    : { secret: photo.secret, originalSecret: photo.originalSecret };
  world.put({
    ...photo,
    ...secrets,
    isPublic,
    // What is public is told as nothing but public.
    isFriend: !isPublic && flags[1] === "1",
    isFamily: !isPublic && flags[2] === "1",
    permComment: audience(args["perm_comment"], isKept ? photo.permComment : 3),
    permAddMeta: audience(args["perm_addmeta"], isKept ? photo.permAddMeta : 3),
  });
  return ok({
    photoid: { ...content(photo.id), secret: secrets.secret, originalsecret: secrets.originalSecret },
  });
}

function setMeta(world: World, photo: Photo, args: Args): Answer {
  if (args["title"] === undefined && args["description"] === undefined) {
    return fail(2, "Required arguments missing");
  }
  const title = args["title"] ?? photo.title;
  const description = storedText(world, args["description"] ?? photo.description);
  world.put({ ...photo, title, description });
  return ok({ photo: { title: content(title), description: content(description) } });
}

/** MySQL's widest span that Flickr takes, and no later than the next day somewhere on Earth. */
function isPlausible(world: World, taken: string): boolean {
  return taken >= "1825-01-01" && taken <= wallClock(world.now() + 86_400);
}

function setDates(world: World, photo: Photo, args: Args): Answer {
  const { date_posted: posted, date_taken: taken, date_taken_granularity: granularity } = args;
  if (posted === undefined && taken === undefined && granularity === undefined) {
    return fail(2, "Not enough arguments");
  }
  if (granularity !== undefined && !/^(10|[0-9])$/.test(granularity)) return fail(3, "Invalid granularity");
  const postedAt = posted === undefined ? photo.postedAt : unixDate(posted);
  if (postedAt === null || postedAt > world.now()) return fail(4, "Invalid date_posted");
  const read = taken === undefined ? photo.taken : takenDate(taken);
  if (read === null) return fail(5, "Invalid Date Taken Format");
  if (!isPlausible(world, read)) return fail(6, "Invalid Date Taken");
  world.put({
    ...photo,
    postedAt,
    taken: read,
    takenGranularity: granularity === undefined ? photo.takenGranularity : Number(granularity),
    isTakenUnknown: taken === undefined && photo.isTakenUnknown,
  });
  return ok();
}

function setContentType(world: World, photo: Photo, args: Args): Answer {
  if (!args["content_type"]) return fail(2, "Required arguments missing");
  if (!/^[1-4]$/.test(args["content_type"])) return fail(3, "Change not allowed");
  world.put({ ...photo, contentType: Number(args["content_type"]) as ContentType });
  return ok();
}

function setSafetyLevel(world: World, photo: Photo, args: Args): Answer {
  const { safety_level: level, hidden } = args;
  if (level === undefined && hidden === undefined) return fail(2, "Invalid or missing arguments");
  if ((level !== undefined && !/^[1-3]$/.test(level)) || (hidden !== undefined && !isFlag(hidden))) {
    return fail(3, "Change not allowed");
  }
  world.put({
    ...photo,
    safetyLevel: level === undefined ? photo.safetyLevel : (Number(level) as SafetyLevel),
    isHidden: hidden === undefined ? photo.isHidden : hidden === "1",
  });
  return ok();
}

/** Turns the picture on the site; whether that writes the original anew nobody has confirmed. */
function rotate(world: World, photo: Photo, args: Args): Answer {
  if (!/^(90|180|270)$/.test(args["degrees"] ?? "")) return fail(3, "Invalid rotation");
  const rotation = ((photo.rotation + Number(args["degrees"])) % 360) as Photo["rotation"];
  const secret = hex(world.random, 10);
  const original = world.options.rotationRewritesOriginal
    ? { originalSecret: hex(world.random, 10), file: `rotated ${rotation}:${photo.file}` }
    : {};
  const turned = { ...photo, rotation, secret, ...original };
  world.put(turned);
  const told = { secret, originalsecret: turned.originalSecret };
  return ok({ photoid: { ...content(photo.id), ...told } });
}

function deletePhoto(world: World, photo: Photo): Answer {
  world.remove(photo.id);
  return ok();
}

export const photoWriteMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.setPerms": setter(ofOwnPhoto(setPerms)),
  "flickr.photos.setMeta": setter(ofOwnPhoto(setMeta)),
  "flickr.photos.setDates": setter(ofOwnPhoto(setDates)),
  "flickr.photos.setContentType": setter(ofOwnPhoto(setContentType)),
  "flickr.photos.setSafetyLevel": setter(ofOwnPhoto(setSafetyLevel)),
  "flickr.photos.transform.rotate": setter(ofOwnPhoto(rotate)),
  "flickr.photos.delete": setter(ofOwnPhoto(deletePhoto), "delete"),
};

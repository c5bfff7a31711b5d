import { type Answer, content, fail, type Json, type JsonObject, ok } from "../answer.js";
import { extrasOf, listRecord } from "../list-record.js";
import { type Method, photoNotFound, reader, seenPhoto } from "../method.js";
import { type Args, pageOf } from "../paging.js";
import { type Caller, mayView } from "../rights.js";
import { filtered } from "../selection.js";
import type { Photo, PhotoSet } from "../state.js";
import type { World } from "../world.js";

/** The set's photos that the caller may see, in the set's order. */
export function visibleInSet(world: World, set: PhotoSet, caller: Caller): readonly Photo[] {
  return set.photoIds.flatMap((id) => {
    const photo = world.state.photos.get(id);
    return photo !== undefined && mayView(world.state, photo, caller) ? [photo] : [];
  });
}

/** A set is there for its owner, and for others as long as they see something in it. */
const isShown = (set: PhotoSet, visible: readonly Photo[], caller: Caller): boolean =>
  (set.owner === caller.nsid && caller.perms !== "none") || visible.length > 0;

function setRecord(
  world: World,
  set: PhotoSet,
  visible: readonly Photo[],
  args: Args,
  caller: Caller,
): JsonObject {
  const primary = visible.find((photo) => photo.id === set.primary) ?? visible[0];
  const videos = visible.filter((photo) => photo.media === "video").length;
  const extras = new Set((args["primary_photo_extras"] ?? "").split(","));
  const shown = primary === undefined || extras.size === 0 ? {} : listRecord(world, primary, caller, extras);
  const isOld = Number(set.id.at(-1)) % 2 === 1;
  const mixed = (count: number): Json => (isOld ? String(count) : count);
  return {
    id: set.id,
    owner: set.owner,
    username: world.state.accounts.get(set.owner)?.username ?? "",
    primary: primary?.id ?? "",
    secret: primary?.secret ?? "",
    server: primary?.server ?? "",
    farm: 66,
    count_views: "0",
    count_comments: "0",
    count_photos: visible.length - videos,
    count_videos: videos,
    title: content(set.title),
    description: content(set.description),
    can_comment: set.owner === caller.nsid ? 1 : 0,
    date_create: String(set.createdAt),
    date_update: String(set.updatedAt),
    photos: mixed(visible.length - videos),
    videos: mixed(videos),
    visibility_can_see_set: 1,
    needs_interstitial: 0,
    ...(args["primary_photo_extras"] && { primary_photo_extras: shown }),
  };
}

function getList(world: World, args: Args, caller: Caller): Answer {
  const nsid = !args["user_id"] || args["user_id"] === "me" ? (caller.nsid ?? "") : args["user_id"];
  const account = world.state.accounts.get(nsid);
  if (account === undefined) return fail(1, "User not found");
  const shown = account.setIds.flatMap((id) => {
    const set = world.state.sets.get(id);
    if (set === undefined) return [];
    const visible = visibleInSet(world, set, caller);
    return isShown(set, visible, caller) ? [{ set, visible }] : [];
  });
  const page = pageOf(shown, args, 500);
  return ok({
    photosets: {
      cancreate: nsid === caller.nsid ? 1 : 0,
      page: page.page,
      pages: page.pages,
      perpage: page.perPage,
      total: world.options.total === "string" ? String(page.total) : page.total,
      photoset: page.shown.map(({ set, visible }) => setRecord(world, set, visible, args, caller)),
    },
  });
}

function getPhotos(world: World, args: Args, caller: Caller): Answer {
  const set = world.state.sets.get(args["photoset_id"] ?? "");
  const visible = set === undefined ? [] : visibleInSet(world, set, caller);
  if (set === undefined || !isShown(set, visible, caller)) return fail(1, "Photoset not found");
  if (args["user_id"] && args["user_id"] !== set.owner) return fail(2, "User not found");
  const page = pageOf(filtered(visible, args, caller), args, 500);
  const extras = extrasOf(args);
  const photo = page.shown.map((each) => {
    const { owner: _, ...record } = listRecord(world, each, caller, extras);
    return { ...record, isprimary: each.id === set.primary ? "1" : "0" };
  });
  // As recorded: these come back as texts when they were sent.
  const perPage = args["per_page"] === undefined ? page.perPage : String(page.perPage);
  return ok({
    photoset: {
      id: set.id,
      primary: set.primary,
      owner: set.owner,
      ownername: world.state.accounts.get(set.owner)?.username ?? "",
      photo,
      page: args["page"] === undefined ? page.page : String(page.page),
      per_page: perPage,
      perpage: perPage,
      pages: page.pages,
      title: set.title,
      total: world.options.total === "string" ? String(page.total) : page.total,
    },
  });
}

/** The sets that a photo is in, and the group pools, of which there are none here. */
function getAllContexts(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const set = [...world.state.sets.values()]
    .filter(({ photoIds }) => photoIds.includes(photo.id))
    .map(({ id, title, primary }) => ({
      id,
      title,
      primary,
      secret: photo.secret,
      server: photo.server,
      farm: 66,
    }));
  return ok({ ...(set.length > 0 && { set }) });
}

export const setReadMethods: Readonly<Record<string, Method>> = {
  "flickr.photosets.getList": reader("none", getList),
  "flickr.photosets.getPhotos": reader("none", getPhotos),
  "flickr.photos.getAllContexts": reader("none", getAllContexts),
};

import { type Answer, content, fail, type JsonObject, ok } from "../answer.js";
import { type Method, ownPhoto, photoNotFound, reader, seenPhoto, setter } from "../method.js";
import type { Args } from "../paging.js";
import { type Caller, callersTie, isWithin } from "../rights.js";
import type { Photo, PhotoTag } from "../state.js";
import { splitTags, withTags } from "../tags.js";
import type { World } from "../world.js";

const tagRecord = (world: World, tag: PhotoTag): JsonObject => ({
  id: tag.fullId.split("-").at(-1) ?? "",
  full_tag_id: tag.fullId,
  author: tag.author,
  authorname: world.state.accounts.get(tag.author)?.username ?? "",
  raw: tag.raw,
  machine_tag: tag.isMachineTag ? 1 : "",
  _content: tag.clean,
});

/** Puts the tags to the photo unless there would be too many, and then changes nothing. */
function put(world: World, photo: Photo, tags: readonly PhotoTag[]): Answer | null {
  if (tags.length > world.options.mostTags) return fail(2, "Maximum number of tags reached");
  if (tags !== photo.tags) world.put({ ...photo, tags });
  return null;
}

function addTags(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null || caller.nsid === null) return photoNotFound(args);
  if (!isWithin(photo.permAddMeta, callersTie(world.state, photo, caller))) return photoNotFound(args);
  const raws = splitTags(args["tags"] ?? "", false);
  const tags = withTags(world.state, photo, caller.nsid, raws);
  const added = tags.slice(photo.tags.length);
  const failure = put(world, photo, added.length === 0 ? photo.tags : tags);
  return failure ?? ok({ tags: { tag: added.map((tag) => tagRecord(world, tag)) } });
}

function setTags(world: World, args: Args, caller: Caller): Answer {
  const photo = ownPhoto(world, args, caller);
  if (photo === null || caller.nsid === null) return photoNotFound(args);
  const raws = splitTags(args["tags"] ?? "", false);
  const tags = withTags(world.state, { ...photo, tags: [] }, caller.nsid, raws);
  return put(world, photo, tags) ?? ok({ tags: { tag: tags.map((tag) => tagRecord(world, tag)) } });
}

/** Takes a tag away by its full id, which names the photo as well. */
function removeTag(world: World, args: Args, caller: Caller): Answer {
  const fullId = args["tag_id"] ?? "";
  const photo = world.state.photos.get(fullId.split("-")[1] ?? "");
  const tag = photo?.tags.find((each) => each.fullId === fullId);
  const mayRemove = photo?.owner === caller.nsid || tag?.author === caller.nsid;
  if (photo === undefined || tag === undefined || !mayRemove) return fail(1, "Tag not found");
  world.put({ ...photo, tags: photo.tags.filter((each) => each !== tag) });
  return ok();
}

function getListPhoto(world: World, args: Args, caller: Caller): Answer {
  const photo = seenPhoto(world, args, caller);
  if (photo === null) return photoNotFound(args);
  const tag = photo.tags.map((each) => ({
    id: each.fullId,
    author: each.author,
    authorname: world.state.accounts.get(each.author)?.username ?? "",
    raw: each.raw,
    ...content(each.clean),
    machine_tag: each.isMachineTag ? 1 : 0,
  }));
  return ok({ photo: { id: photo.id, tags: { tag } } });
}

export const tagMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.addTags": setter(addTags),
  "flickr.photos.setTags": setter(setTags),
  "flickr.photos.removeTag": setter(removeTag),
  "flickr.tags.getListPhoto": reader("none", getListPhoto),
};

import { type Answer, fail, ok } from "../answer.js";
import { setIdAfter } from "../ids.js";
import { type Method, ownPhoto, setter } from "../method.js";
import type { Args } from "../paging.js";
import type { Caller } from "../rights.js";
import type { PhotoSet } from "../state.js";
import type { World } from "../world.js";

const ownSet = (world: World, args: Args, caller: Caller): PhotoSet | null => {
  const set = world.state.sets.get(args["photoset_id"] ?? "");
  return set?.owner === caller.nsid ? set : null;
};

function create(world: World, args: Args, caller: Caller): Answer {
  if (!args["title"]) return fail(1, "No title specified");
  const photo = ownPhoto(world, { ...args, photo_id: args["primary_photo_id"] ?? "" }, caller);
  const owner = world.state.accounts.get(caller.nsid ?? "");
  if (photo === null || owner === undefined) return fail(2, "Photo not found");
  const now = world.now();
  const set: PhotoSet = {
    id: setIdAfter(world.state),
    owner: owner.nsid,
    title: args["title"],
    description: args["description"] ?? "",
    photoIds: [photo.id],
    primary: photo.id,
    createdAt: now,
    updatedAt: now,
  };
  world.state.sets.set(set.id, set);
  world.state.accounts.set(owner.nsid, { ...owner, setIds: [set.id, ...owner.setIds] });
  world.touch([photo.id]);
  return ok({ photoset: { id: set.id, url: `https://www.flickr.com/photos/${owner.nsid}/sets/${set.id}/` } });
}

/** Adding a photo that is in the set already is error 3; a client takes it for success. */
function addPhoto(world: World, args: Args, caller: Caller): Answer {
  const set = ownSet(world, args, caller);
  if (set === null) return fail(1, "Photoset not found");
  const photo = ownPhoto(world, args, caller);
  if (photo === null) return fail(2, "Photo not found");
  if (set.photoIds.includes(photo.id)) return fail(3, "Photo already in set");
  if (set.photoIds.length >= world.options.mostPhotosInSet) {
    return fail(10, "Maximum number of photos in set");
  }
  world.state.sets.set(set.id, {
    ...set,
    photoIds: [...set.photoIds, photo.id],
    updatedAt: world.now(),
  });
  world.touch([photo.id]);
  return ok();
}

/** A set disappears with its last photo. */
function removePhoto(world: World, args: Args, caller: Caller): Answer {
  const set = ownSet(world, args, caller);
  if (set === null) return fail(1, "Photoset not found");
  const photoId = args["photo_id"] ?? "";
  if (!set.photoIds.includes(photoId)) return fail(2, "Photo not found");
  putWithout(world, set, photoId);
  world.touch([photoId]);
  return ok();
}

/** Takes the photo out of the set, and the set away with its last photo. */
export function putWithout(world: Pick<World, "state" | "now">, set: PhotoSet, photoId: string): void {
  const { state } = world;
  const photoIds = set.photoIds.filter((id) => id !== photoId);
  const [first] = photoIds;
  if (first === undefined) {
    state.sets.delete(set.id);
    const owner = state.accounts.get(set.owner);
    if (owner !== undefined) {
      state.accounts.set(owner.nsid, { ...owner, setIds: owner.setIds.filter((id) => id !== set.id) });
    }
    return;
  }
  const primary = set.primary === photoId ? first : set.primary;
  state.sets.set(set.id, { ...set, photoIds, primary, updatedAt: world.now() });
}

function editMeta(world: World, args: Args, caller: Caller): Answer {
  const set = ownSet(world, args, caller);
  if (set === null) return fail(1, "Photoset not found");
  if (!args["title"]) return fail(2, "Required parameter missing.");
  const description = args["description"] ?? set.description;
  world.state.sets.set(set.id, { ...set, title: args["title"], description, updatedAt: world.now() });
  world.touch([]);
  return ok();
}

export const setWriteMethods: Readonly<Record<string, Method>> = {
  "flickr.photosets.create": setter(create),
  "flickr.photosets.addPhoto": setter(addPhoto),
  "flickr.photosets.removePhoto": setter(removePhoto),
  "flickr.photosets.editMeta": setter(editMeta),
};

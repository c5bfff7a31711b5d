import { bit, content, type Json, type JsonObject } from "./answer.js";
import { type Caller, callersTie, isWithin, mayHaveOriginal, visiblePlace } from "./rights.js";
import type { Photo, PhotoPlace } from "./state.js";
import type { World } from "./world.js";

/** A place as `photos.getInfo` shows it, with who may know of it. */
export const placeRecords = (place: PhotoPlace): JsonObject => ({
  location: {
    latitude: place.latitude,
    longitude: place.longitude,
    accuracy: String(place.accuracy),
    context: String(place.context),
  },
  geoperms: {
    ispublic: bit(place.isPublic),
    iscontact: bit(place.isContact),
    isfriend: bit(place.isFriend),
    isfamily: bit(place.isFamily),
  },
});

const tagRecords = (world: World, photo: Photo): JsonObject[] =>
  photo.tags.map((tag) => ({
    id: tag.fullId,
    author: tag.author,
    authorname: world.state.accounts.get(tag.author)?.username ?? "",
    raw: tag.raw,
    _content: tag.clean,
    machine_tag: bit(tag.isMachineTag),
  }));

/** What only the owner is told. */
function ownersFields(photo: Photo, isOwner: boolean): JsonObject {
  if (!isOwner) return {};
  return { permissions: { permcomment: photo.permComment, permaddmeta: photo.permAddMeta } };
}

/** The photo as `photos.getInfo` shows it. */
export function photoRecord(world: World, photo: Photo, caller: Caller): JsonObject {
  const owner = world.state.accounts.get(photo.owner);
  const tie = callersTie(world.state, photo, caller);
  const place = visiblePlace(world.state, photo, caller);
  const hasOriginal = mayHaveOriginal(world.state, photo, caller);
  const home = owner?.pathAlias ?? photo.owner;
  const editable = bit(tie.isOwner);
  const maySeeOriginal = hasOriginal || (tie.isOwner && world.options.freeOriginals !== "absent");
  const originalFormat = photo.media === "video" ? "jpg" : photo.originalFormat;
  return {
    id: photo.id,
    secret: photo.secret,
    server: photo.server,
    farm: 66,
    dateuploaded: String(photo.postedAt),
    isfavorite: 0,
    license: photo.license,
    safety_level: String(photo.safetyLevel - 1),
    rotation: photo.rotation,
    ...(maySeeOriginal && { originalsecret: photo.originalSecret, originalformat: originalFormat }),
    owner: {
      nsid: photo.owner,
      username: owner?.username ?? "",
      realname: owner?.realname ?? "",
      location: "",
      iconserver: "0",
      iconfarm: 0,
      path_alias: owner?.pathAlias ?? null,
    },
    title: content(photo.title),
    description: content(photo.description),
    visibility: {
      ispublic: bit(photo.isPublic),
      isfriend: bit(photo.isFriend),
      isfamily: bit(photo.isFamily),
    },
    dates: {
      posted: String(photo.postedAt),
      taken: photo.taken,
      takengranularity: String(photo.takenGranularity),
      takenunknown: String(bit(photo.isTakenUnknown)),
      lastupdate: String(photo.updatedAt),
    },
    ...ownersFields(photo, tie.isOwner),
    views: "0",
    editability: {
      cancomment: bit(isWithin(photo.permComment, tie)),
      canaddmeta: bit(isWithin(photo.permAddMeta, tie)),
    },
    publiceditability: { cancomment: bit(photo.permComment === 3), canaddmeta: bit(photo.permAddMeta === 3) },
    usage: { candownload: bit(hasOriginal), canblog: editable, canprint: editable, canshare: editable },
    comments: content("0"),
    notes: { note: [] },
    people: { haspeople: 0 },
    tags: { tag: tagRecords(world, photo) },
    ...(place !== null && placeRecords(place)),
    urls: {
      url: [{ type: "photopage", _content: `${world.addresses.www}/photos/${home}/${photo.id}/` }],
    },
    media: photo.media,
    ...(photo.media === "video" && { video: videoRecord(photo) }),
  };
}

const videoRecord = (photo: Photo): Record<string, Json> => ({
  ready: 1,
  failed: 0,
  pending: 0,
  duration: String(photo.durationSeconds),
  width: String(photo.width),
  height: String(photo.height),
});

import { rfc3339 } from "./clock.js";
import { refuse, type Signed, type World } from "./reply.js";
import { type Album, freshId, type MediaItem } from "./state.js";

/** Makes an address that gives out the bytes for an hour. */
export function newBaseUrl(world: World, itemId: string, sessionId?: string): string {
  const path = sessionId === undefined ? "lr" : "ppa";
  const key = freshId(world.state, "", 60);
  const issuedMs = world.clock.nowMs();
  world.state.baseUrls.set(key, { itemId, issuedMs, ...(sessionId === undefined ? {} : { sessionId }) });
  return `${world.origin}/${path}/${key}`;
}

/** Leaves out what proto3 leaves out: empty texts, zeros, false, empty lists. */
export function proto3(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    value === "" ||
    value === 0 ||
    value === "0" ||
    value === false ||
    (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** A MediaItem as the Library API spells it. */
export function mediaItemJson(item: MediaItem, world: World): object {
  const camera = proto3({ cameraMake: item.cameraMake, cameraModel: item.cameraModel });
  const kind = item.video === undefined ? { photo: camera } : { video: { ...camera, ...proto3(item.video) } };
  return proto3({
    id: item.id,
    description: item.description,
    productUrl: `https://photos.google.com/lr/photo/${item.id}`,
    baseUrl: newBaseUrl(world, item.id),
    mimeType: item.mimeType,
    mediaMetadata: {
      ...proto3({
        creationTime: rfc3339(item.createdMs),
        width: String(item.width),
        height: String(item.height),
      }),
      ...kind,
    },
    filename: item.filename,
  });
}

/** An Album; whether it is shared is not told. */
export function albumJson(album: Album, world: World): object {
  const cover = album.coverId ?? album.itemIds[0];
  return proto3({
    id: album.id,
    title: album.title,
    productUrl: `https://photos.google.com/lr/album/${album.id}`,
    isWriteable: album.clientId !== null,
    mediaItemsCount: String(album.itemIds.length),
    ...(cover === undefined
      ? {}
      : { coverPhotoBaseUrl: newBaseUrl(world, cover), coverPhotoMediaItemId: cover }),
  });
}

/** Ids look like this; others are refused before anything is looked up. */
const ID = /^[\w-]{10,200}$/;

/** The item, where this client made it for this account. Throws what Google may answer to others: 400, 403 or 404. */
export function ownItem(id: string, { access }: Signed, world: World): MediaItem {
  if (!ID.test(id)) throw refuse("INVALID_ARGUMENT", "Invalid media item ID.");
  const item = world.state.items.get(id);
  const { clientId, email } = access.grant;
  if (item === undefined || item.isDeleted) throw inaccessible(world.settings.inaccessible.unknown, id);
  if (item.clientId !== clientId || item.email !== email)
    throw inaccessible(world.settings.inaccessible.foreign, id);
  return item;
}

function inaccessible(status: 400 | 403 | 404, id: string): Error {
  if (status === 400) return refuse("INVALID_ARGUMENT", `Invalid media item ID: ${id}`);
  if (status === 403) return refuse("PERMISSION_DENIED", "The caller does not have permission");
  return refuse("NOT_FOUND", "Requested entity was not found.");
}

/** The album, where this client made it for this account. */
export function ownAlbum(id: string, { access }: Signed, world: World): Album {
  const album = world.state.albums.get(id);
  if (album === undefined || album.email !== access.grant.email) {
    throw refuse("INVALID_ARGUMENT", "The provided ID does not match any albums");
  }
  if (album.clientId !== access.grant.clientId) {
    throw refuse("INVALID_ARGUMENT", "No permission to add media items to this album.");
  }
  return album;
}

/** What this client made for this account and lists show, newest picture first. */
export function listedItems({ access }: Signed, world: World): MediaItem[] {
  const { clientId, email } = access.grant;
  const shownBefore = world.clock.nowMs() - world.settings.listLagMs;
  return [...world.state.items.values()]
    .filter((item) => item.clientId === clientId && item.email === email && !item.isDeleted)
    .filter((item) => item.uploadedMs <= shownBefore)
    .sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
}

/** A page size from a query or body: within bounds, or 400. */
export function pageSizeOf(value: unknown, standard: number, most: number): number {
  const size = value === null || value === undefined || value === "" ? 0 : Number(value);
  if (!Number.isInteger(size) || size < 0 || size > most) {
    throw refuse("INVALID_ARGUMENT", `Page size must be between 0 and ${most}.`);
  }
  return size === 0 ? standard : size;
}

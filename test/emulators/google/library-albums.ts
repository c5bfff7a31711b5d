import { checkQuery, jsonBody, listIn, recordIn, type Shape, stringIn } from "./json-shape.js";
import { checkPosition } from "./library-create.js";
import { badPageToken } from "./library-items.js";
import { albumJson, ownAlbum, pageSizeOf, proto3 } from "./library-wire.js";
import { pageOf } from "./pages.js";
import { json, type Reply, refuse, type Signed, type World } from "./reply.js";
import { seedAlbum } from "./seed.js";
import { type Album, freshId } from "./state.js";

const MOST_TITLE = 500;
const MOST_IN_BATCH = 50;
const MOST_IN_ALBUM = 20_000;
const ALBUM: Shape = {
  id: "string",
  title: "string",
  productUrl: "string",
  isWriteable: "boolean",
  mediaItemsCount: "int64",
  coverPhotoBaseUrl: "string",
  coverPhotoMediaItemId: "string",
};

function checkTitle(title: string): void {
  if (title === "" || title.length > MOST_TITLE) {
    throw refuse("INVALID_ARGUMENT", `Album title must have between 1 and ${MOST_TITLE} characters.`);
  }
}

/** `POST /v1/albums`: titles need not be unique, so each call makes another album. */
export async function createAlbum(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, []);
  const body = await jsonBody(request, { album: ALBUM });
  const title = stringIn(recordIn(body, "album") ?? {}, "title");
  checkTitle(title);
  const { email, clientId } = request.access.grant;
  return json(albumJson(seedAlbum(world.state, { title, email, clientId }), world));
}

/** `GET /v1/albums` */
export function listAlbums(request: Signed, world: World): Reply {
  checkQuery(request, ["pageSize", "pageToken", "excludeNonAppCreatedData"]);
  const { email, clientId } = request.access.grant;
  const own = [...world.state.albums.values()].filter(
    (one) => one.email === email && one.clientId === clientId,
  );
  const pageSize = pageSizeOf(request.query.get("pageSize"), 20, 50);
  const page = pageOf(
    own,
    pageSize,
    request.query.get("pageToken") ?? "",
    `albums ${email} ${pageSize}`,
    world,
  );
  if (page === null) throw badPageToken();
  const albums = page.part.map((album) => albumJson(album, world));
  return json(proto3({ albums, nextPageToken: page.nextPageToken }));
}

function readableAlbum(request: Signed, world: World): Album {
  const album = world.state.albums.get(request.captured[0] ?? "");
  const { email, clientId } = request.access.grant;
  if (album === undefined || album.email !== email || album.clientId !== clientId) {
    throw refuse("NOT_FOUND", "Requested entity was not found.");
  }
  return album;
}

/** `GET /v1/albums/{id}` */
export function getAlbum(request: Signed, world: World): Reply {
  checkQuery(request, []);
  return json(albumJson(readableAlbum(request, world), world));
}

/** `PATCH /v1/albums/{id}?updateMask=title,coverPhotoMediaItemId` */
export async function patchAlbum(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, ["updateMask"]);
  const body = await jsonBody(request, ALBUM as { readonly [name: string]: Shape });
  const mask = (request.query.get("updateMask") ?? "").split(",");
  if (mask.some((name) => name !== "title" && name !== "coverPhotoMediaItemId")) {
    throw refuse("INVALID_ARGUMENT", "Invalid update mask.");
  }
  const album = readableAlbum(request, world);
  const title = stringIn(body, "title");
  const coverId = stringIn(body, "coverPhotoMediaItemId");
  if (mask.includes("title")) checkTitle(title);
  if (mask.includes("coverPhotoMediaItemId") && !album.itemIds.includes(coverId)) {
    throw refuse("INVALID_ARGUMENT", "Request contains an invalid media item id.");
  }
  if (mask.includes("title")) album.title = title;
  if (mask.includes("coverPhotoMediaItemId")) album.coverId = coverId;
  return json(albumJson(album, world));
}

/** `POST /v1/albums/{id}:batchAddMediaItems` and `:batchRemoveMediaItems`: all of the ids or none. */
export async function changeAlbumItems(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, []);
  const body = await jsonBody(request, { mediaItemIds: ["string"] });
  const ids = listIn(body, "mediaItemIds").map(String);
  if (ids.length === 0 || ids.length > MOST_IN_BATCH) {
    throw refuse("INVALID_ARGUMENT", `Request must have between 1 and ${MOST_IN_BATCH} media item ids.`);
  }
  const album = ownAlbum(request.captured[0] ?? "", request, world);
  const isAdding = request.captured[1] === "batchAddMediaItems";
  const { email, clientId } = request.access.grant;
  const isOwn = (id: string): boolean => {
    const item = world.state.items.get(id);
    return item?.email === email && item.clientId === clientId && !item.isDeleted;
  };
  if (!ids.every((id) => isOwn(id) && (isAdding || album.itemIds.includes(id)))) {
    throw refuse("INVALID_ARGUMENT", "Request contains an invalid media item id.");
  }
  const others = album.itemIds.filter((id) => !ids.includes(id));
  const after = isAdding ? [...album.itemIds, ...ids.filter((id) => !album.itemIds.includes(id))] : others;
  if (after.length > MOST_IN_ALBUM) throw refuse("INVALID_ARGUMENT", "The album is full.");
  album.itemIds.splice(0, album.itemIds.length, ...after);
  return json({});
}

const PLACE: Shape = { locationName: "string", latlng: { latitude: "number", longitude: "number" } };

/** `POST /v1/albums/{id}:addEnrichment` */
export async function addEnrichment(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, []);
  const body = await jsonBody(request, {
    newEnrichmentItem: {
      textEnrichment: { text: "string" },
      locationEnrichment: { location: PLACE },
      mapEnrichment: { origin: PLACE, destination: PLACE },
    },
    albumPosition: { position: "string", relativeMediaItemId: "string", relativeEnrichmentItemId: "string" },
  });
  const wished = recordIn(body, "newEnrichmentItem") ?? {};
  const words = stringIn(recordIn(wished, "textEnrichment") ?? {}, "text");
  if (Object.keys(wished).length !== 1 || words.length > 1000) {
    throw refuse("INVALID_ARGUMENT", "Invalid enrichment item.");
  }
  checkPosition(recordIn(body, "albumPosition"));
  const id = freshId(world.state, "enr", 30);
  ownAlbum(request.captured[0] ?? "", request, world).enrichments.push(id);
  return json({ enrichmentItem: { id } });
}

/** Sharing through the API ended on 31 March 2025: whatever is asked is refused. */
export const sharingEnded = (): Reply => {
  throw refuse("PERMISSION_DENIED", "The caller does not have permission");
};

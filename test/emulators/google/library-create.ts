import { setTimeout } from "node:timers/promises";
import { dimensions, sniffed, takenMs } from "./content.js";
import { checkQuery, type JsonBody, jsonBody, listIn, recordIn, type Shape, stringIn } from "./json-shape.js";
import { MOST_DESCRIPTION } from "./library-items.js";
import { mediaItemJson, ownAlbum } from "./library-wire.js";
import { limitReply } from "./quotas.js";
import { json, Refusal, type Reply, refuse, type Signed, type World } from "./reply.js";
import { type Album, freshId, type MediaItem, type UploadToken } from "./state.js";

const POSITION: Shape = {
  position: "string",
  relativeMediaItemId: "string",
  relativeEnrichmentItemId: "string",
};
const SHAPE: { readonly [name: string]: Shape } = {
  albumId: "string",
  albumPosition: POSITION,
  newMediaItems: [{ description: "string", simpleMediaItem: { uploadToken: "string", fileName: "string" } }],
};

const MOST_IN_BATCH = 50;
const MOST_NAME = 255;
const MOST_IN_ALBUM = 20_000;
const TOKEN_LIFE_MS = 24 * 3_600_000;
const MOST_PHOTO_BYTES = 200 * 1024 * 1024;
const MOST_VIDEO_BYTES = 20 * 1024 ** 3;
const TROUBLE = "There was an error while trying to create this media item.";

export function checkPosition(position: JsonBody | undefined): void {
  const kind = position === undefined ? "" : stringIn(position, "position");
  const needs = {
    AFTER_MEDIA_ITEM: "relativeMediaItemId",
    AFTER_ENRICHMENT_ITEM: "relativeEnrichmentItemId",
  }[kind];
  const isKnown =
    ["", "POSITION_TYPE_UNSPECIFIED", "FIRST_IN_ALBUM", "LAST_IN_ALBUM"].includes(kind) ||
    needs !== undefined;
  if (!isKnown || (needs !== undefined && stringIn(position ?? {}, needs) === "")) {
    throw refuse("INVALID_ARGUMENT", "Invalid album position.");
  }
}

interface Wish {
  readonly uploadToken: string;
  readonly fileName: string;
  readonly description: string;
}

function wishOf(value: unknown): Wish {
  const wish = value as JsonBody;
  const simple = recordIn(wish, "simpleMediaItem") ?? {};
  const description = stringIn(wish, "description");
  const fileName = stringIn(simple, "fileName");
  if (description.length >= MOST_DESCRIPTION) throw refuse("INVALID_ARGUMENT", "Description is too long.");
  if (fileName.length > MOST_NAME) throw refuse("INVALID_ARGUMENT", "File name is too long.");
  return { uploadToken: stringIn(simple, "uploadToken"), fileName, description };
}

function usable(wish: Wish, { access }: Signed, world: World): UploadToken | null {
  const token = world.state.uploadTokens.get(wish.uploadToken);
  if (token === undefined || token.email !== access.grant.email || token.clientId !== access.grant.clientId)
    return null;
  const isFresh = world.clock.nowMs() - token.issuedMs < TOKEN_LIFE_MS;
  return isFresh && (token.uses === 0 || world.settings.areTokensReusable) ? token : null;
}

/** The item of these bytes in the account, made unless it was there, whoever brought it. */
function itemOf(token: UploadToken, wish: Wish, { access }: Signed, world: World): MediaItem | null {
  const { state, clock } = world;
  const { head, sizeBytes, sha256 } = token.content;
  const mimeType = sniffed(head);
  if (mimeType === undefined) return null;
  const isVideo = mimeType.startsWith("video/");
  if (sizeBytes > (isVideo ? MOST_VIDEO_BYTES : MOST_PHOTO_BYTES)) return null;
  for (const item of state.items.values()) {
    if (item.email === access.grant.email && !item.isDeleted && item.content.sha256 === sha256) return item;
  }
  const size = dimensions(head);
  const made: MediaItem = {
    id: freshId(state, "AF1Qip", 38),
    email: access.grant.email,
    clientId: access.grant.clientId,
    filename: wish.fileName || token.filename,
    description: wish.description,
    mimeType,
    content: token.content,
    createdMs: takenMs(head) ?? clock.nowMs(),
    uploadedMs: clock.nowMs(),
    width: size?.width ?? 0,
    height: size?.height ?? 0,
    isDeleted: false,
    sharedWith: [],
    ...(isVideo ? { video: { fps: 30, status: "READY" } } : {}),
  };
  const account = state.accounts.find(({ email }) => email === made.email);
  if (account !== undefined) account.storageLeftBytes -= sizeBytes;
  state.items.set(made.id, made);
  return made;
}

function checkRoom(tokens: readonly (UploadToken | null)[], email: string, world: World): void {
  const account = world.state.accounts.find((one) => one.email === email);
  const sum = tokens.reduce((bytes, token) => bytes + (token?.content.sizeBytes ?? 0), 0);
  if (account !== undefined && sum > account.storageLeftBytes) {
    throw refuse(
      "INVALID_ARGUMENT",
      "The remaining storage in the user's account is not enough to perform this operation.",
    );
  }
}

const failed = (uploadToken: string, code: number, message: string): object => ({
  uploadToken,
  status: { code, message },
});

async function create(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, []);
  const body = await jsonBody(request, SHAPE);
  const wishes = listIn(body, "newMediaItems").map(wishOf);
  if (wishes.length === 0 || wishes.length > MOST_IN_BATCH) {
    throw refuse("INVALID_ARGUMENT", `Request must have between 1 and ${MOST_IN_BATCH} new media items.`);
  }
  const albumId = stringIn(body, "albumId");
  const position = recordIn(body, "albumPosition");
  if (position !== undefined && albumId === "")
    throw refuse("INVALID_ARGUMENT", "albumPosition needs albumId.");
  checkPosition(position);
  const album: Album | null = albumId === "" ? null : ownAlbum(albumId, request, world);
  if (album !== null && album.itemIds.length + wishes.length > MOST_IN_ALBUM) {
    throw refuse("INVALID_ARGUMENT", "The album is full.");
  }
  const tokens = wishes.map((wish) => usable(wish, request, world));
  checkRoom(tokens, request.access.grant.email, world);
  let failures = 0;
  const results = wishes.map((wish, at) => {
    const token = tokens[at] ?? null;
    if (token !== null) token.uses += 1;
    const item = token === null ? null : itemOf(token, wish, request, world);
    if (token !== null && item !== null) {
      if (album !== null && !album.itemIds.includes(item.id)) album.itemIds.push(item.id);
      return {
        uploadToken: wish.uploadToken,
        status: { message: "Success" },
        mediaItem: mediaItemJson(item, world),
      };
    }
    failures += 1;
    const reason = token === null ? `NOT_FOUND: ${TROUBLE}` : `BAD_IMAGE: ${TROUBLE}`;
    return failed(wish.uploadToken, 3, reason);
  });
  const isPartial = failures > 0 && failures < results.length;
  return json({ newMediaItemResults: results }, isPartial ? 207 : 200);
}

/** `POST /v1/mediaItems:batchCreate`: one at a time for each user; HTTP 200 says nothing about an item. */
export async function batchCreate(request: Signed, world: World): Promise<Reply> {
  const { email } = request.access.grant;
  if (world.writing.has(email)) throw new Refusal(limitReply("concurrent"));
  world.writing.add(email);
  try {
    const reply = await create(request, world);
    await setTimeout(world.settings.batchCreateMs);
    return reply;
  } finally {
    world.writing.delete(email);
  }
}

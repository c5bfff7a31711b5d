import { checkQuery, jsonBody, stringIn } from "./json-shape.js";
import { listedItems, mediaItemJson, ownItem, pageSizeOf, proto3 } from "./library-wire.js";
import { pageOf } from "./pages.js";
import { json, Refusal, type Reply, refuse, type Signed, type World } from "./reply.js";

const MOST_IN_BATCH = 50;
export const MOST_DESCRIPTION = 1000;

export const badPageToken = (): Refusal => refuse("INVALID_ARGUMENT", "Invalid page token.");

/** `GET /v1/mediaItems` */
export function listItems(request: Signed, world: World): Reply {
  checkQuery(request, ["pageSize", "pageToken"]);
  const pageSize = pageSizeOf(request.query.get("pageSize"), 25, 100);
  const tie = `list ${request.access.grant.email} ${pageSize}`;
  const page = pageOf(
    listedItems(request, world),
    pageSize,
    request.query.get("pageToken") ?? "",
    tie,
    world,
  );
  if (page === null) throw badPageToken();
  const mediaItems = page.part.map((item) => mediaItemJson(item, world));
  return json(proto3({ mediaItems, nextPageToken: page.nextPageToken }));
}

/** `GET /v1/mediaItems/{id}` */
export function getItem(request: Signed, world: World): Reply {
  checkQuery(request, []);
  return json(mediaItemJson(ownItem(request.captured[0] ?? "", request, world), world));
}

/** `GET /v1/mediaItems:batchGet`: results in the order asked, each with its own status. */
export function batchGet(request: Signed, world: World): Reply {
  checkQuery(request, ["mediaItemIds"]);
  const ids = request.query.getAll("mediaItemIds");
  if (ids.length === 0 || ids.length > MOST_IN_BATCH) {
    throw refuse("INVALID_ARGUMENT", `Request must have between 1 and ${MOST_IN_BATCH} media item ids.`);
  }
  if (new Set(ids).size !== ids.length)
    throw refuse("INVALID_ARGUMENT", "Request must not contain duplicated media item ids.");
  const mediaItemResults = ids.map((id) => {
    try {
      return { mediaItem: mediaItemJson(ownItem(id, request, world), world) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const code = { 400: 3, 403: 7 }[error.reply.status] ?? 5;
      return { status: { code, message: "The media item is not accessible." } };
    }
  });
  return json({ mediaItemResults });
}

/** `PATCH /v1/mediaItems/{id}?updateMask=description` */
export async function patchItem(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, ["updateMask"]);
  const body = await jsonBody(request, { id: "string", description: "string" });
  if (request.query.get("updateMask") !== "description") {
    throw refuse("INVALID_ARGUMENT", "Invalid update mask: only description can be updated.");
  }
  const description = stringIn(body, "description");
  if (description.length >= MOST_DESCRIPTION) throw refuse("INVALID_ARGUMENT", "Description is too long.");
  const item = ownItem(request.captured[0] ?? "", request, world);
  item.description = description;
  return json(mediaItemJson(item, world));
}

import { rfc3339 } from "./clock.js";
import { checkQuery, jsonBody, recordIn } from "./json-shape.js";
import { badPageToken } from "./library-items.js";
import { newBaseUrl, pageSizeOf, proto3 } from "./library-wire.js";
import { pageOf } from "./pages.js";
import {
  escaped,
  html,
  type Incoming,
  json,
  notFoundPage,
  type Reply,
  refuse,
  type Signed,
  type World,
} from "./reply.js";
import { freshId, type GoogleState, type MediaItem, type PickerSession } from "./state.js";

const MOST_PICKED = 2000;
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const isOpen = (session: PickerSession, world: World): boolean =>
  !session.isDeleted && session.expiresMs > world.clock.nowMs();

function sessionJson(session: PickerSession, world: World): object {
  const { intervalS, timeoutS } = world.settings.poll;
  const isDone = session.picked !== null;
  return proto3({
    id: session.id,
    pickerUri: `${world.origin}/picker/${session.id}`,
    ...(isDone ? {} : { pollingConfig: { pollInterval: `${intervalS}s`, timeoutIn: `${timeoutS}s` } }),
    expireTime: rfc3339(session.expiresMs),
    ...(session.maxItemCount === undefined
      ? {}
      : { pickingConfig: { maxItemCount: String(session.maxItemCount) } }),
    mediaItemsSet: isDone,
  });
}

/** `POST /v1/sessions` */
export async function createSession(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, ["requestId"]);
  const requestId = request.query.get("requestId");
  if (requestId !== null && !UUID4.test(requestId))
    throw refuse("INVALID_ARGUMENT", "requestId must be a UUID version 4.");
  const body = await jsonBody(request, { pickingConfig: { maxItemCount: "int64" } });
  const most = recordIn(body, "pickingConfig")?.["maxItemCount"];
  const maxItemCount = most === undefined ? undefined : Number(most);
  if (maxItemCount !== undefined && (maxItemCount < 1 || maxItemCount > MOST_PICKED)) {
    throw refuse("INVALID_ARGUMENT", `maxItemCount must be between 1 and ${MOST_PICKED}.`);
  }
  const { email, clientId } = request.access.grant;
  if (!world.state.accounts.some((account) => account.email === email && account.hasPhotos)) {
    throw refuse("FAILED_PRECONDITION", "The user does not have an active Google Photos account.");
  }
  const open = [...world.state.sessions.values()].filter((one) => one.email === email && isOpen(one, world));
  if (open.length >= world.settings.openSessions) throw refuse("RESOURCE_EXHAUSTED", "Too many sessions.");
  const now = world.clock.nowMs();
  const session: PickerSession = {
    id: freshId(world.state, "", 36),
    email,
    clientId,
    maxItemCount,
    createdMs: now,
    expiresMs: now + world.settings.sessionLifeMs,
    picked: null,
    lastPollMs: now,
    earlyPolls: 0,
    isDeleted: false,
  };
  world.state.sessions.set(session.id, session);
  return json(sessionJson(session, world));
}

function ownSession(id: string, { access }: Signed, world: World): PickerSession {
  const session = world.state.sessions.get(id);
  if (session === undefined || session.email !== access.grant.email || !isOpen(session, world)) {
    throw refuse("NOT_FOUND", "Requested entity was not found.");
  }
  return session;
}

/** `GET /v1/sessions/{id}`; polls that come too early are counted. */
export function getSession(request: Signed, world: World): Reply {
  checkQuery(request, []);
  const session = ownSession(request.captured[0] ?? "", request, world);
  const now = world.clock.nowMs();
  if (session.picked === null && now - session.lastPollMs < world.settings.poll.intervalS * 1000) {
    session.earlyPolls += 1;
  }
  session.lastPollMs = now;
  return json(sessionJson(session, world));
}

/** `DELETE /v1/sessions/{id}` */
export function deleteSession(request: Signed, world: World): Reply {
  ownSession(request.captured[0] ?? "", request, world).isDeleted = true;
  return json({});
}

function pickedJson(item: MediaItem, session: PickerSession, world: World): object {
  const { video } = item;
  const kind =
    video === undefined ? {} : { videoMetadata: { fps: video.fps, processingStatus: video.status } };
  const size = { width: item.width, height: item.height };
  const camera = { cameraMake: item.cameraMake, cameraModel: item.cameraModel };
  return proto3({
    id: item.id,
    createTime: rfc3339(item.createdMs),
    type: video === undefined ? "PHOTO" : "VIDEO",
    mediaFile: proto3({
      baseUrl: newBaseUrl(world, item.id, session.id),
      mimeType: item.mimeType,
      filename: item.filename,
      mediaFileMetadata: { ...proto3({ ...size, ...camera }), ...kind },
    }),
  });
}

/** `GET /v1/mediaItems?sessionId=…` */
export function listPicked(request: Signed, world: World): Reply {
  checkQuery(request, ["sessionId", "pageSize", "pageToken"]);
  const pageSize = pageSizeOf(request.query.get("pageSize"), 50, 100);
  const session = ownSession(request.query.get("sessionId") ?? "", request, world);
  if (session.picked === null) {
    throw refuse("FAILED_PRECONDITION", "The user has not finished picking media items.");
  }
  const chosen = session.picked
    .flatMap((id) => world.state.items.get(id) ?? [])
    .filter((item) => !item.isDeleted);
  const page = pageOf(
    chosen,
    pageSize,
    request.query.get("pageToken") ?? "",
    `picked ${session.id} ${pageSize}`,
    world,
  );
  if (page === null) throw badPageToken();
  const mediaItems = page.part.map((item) => pickedJson(item, session, world));
  return json(proto3({ mediaItems, nextPageToken: page.nextPageToken }));
}

/** What the owner does on Google's page: chooses and presses Done. Every photo of the account may be chosen. */
export function finishPicking(state: GoogleState, sessionId: string, itemIds: readonly string[]): void {
  const session = state.sessions.get(sessionId);
  if (session === undefined) throw new Error(`no session ${sessionId}`);
  session.picked = itemIds.slice(0, session.maxItemCount ?? MOST_PICKED);
}

/** The page behind `pickerUri`, for a person: every photo of the account with a box to tick. */
export function pickerPage(request: Incoming, world: World): Reply {
  const session = world.state.sessions.get(request.captured[0] ?? "");
  if (session === undefined || session.picked !== null || !isOpen(session, world))
    return notFoundPage(request.path);
  const own = [...world.state.items.values()].filter(
    (item) => item.email === session.email && !item.isDeleted,
  );
  if (request.query.has("done")) {
    finishPicking(world.state, session.id, request.query.getAll("pick"));
    return html(200, "<title>Done</title>\n<p>Go back to the terminal.");
  }
  const boxes = own.map(
    (item) =>
      `<p><label><input type=checkbox checked name=pick value="${item.id}"> ${escaped(item.filename)}</label>`,
  );
  return html(
    200,
    `<title>Pick - emulated Google Photos</title>\n<form>\n${boxes.join("\n")}\n<button name=done value=1>Done</button>\n</form>`,
  );
}

import { mediaBytes } from "./base-urls.js";
import { REMOVED_SCOPES, SCOPES, signed } from "./bearer.js";
import { listChanges, startPageToken } from "./drive-changes.js";
import { about, getFile, listFiles } from "./drive-files.js";
import {
  addEnrichment,
  changeAlbumItems,
  createAlbum,
  getAlbum,
  listAlbums,
  patchAlbum,
  sharingEnded,
} from "./library-albums.js";
import { batchCreate } from "./library-create.js";
import { batchGet, getItem, listItems, patchItem } from "./library-items.js";
import { searchItems } from "./library-search.js";
import { authorize } from "./oauth-authorize.js";
import { revoke, token, userinfo } from "./oauth-token.js";
import { createSession, deleteSession, getSession, listPicked, pickerPage } from "./picker.js";
import { spendLibrary, spendPicker } from "./quotas.js";
import {
  driveError,
  type Incoming,
  notFoundPage,
  Refusal,
  type Reply,
  type Signed,
  type World,
} from "./reply.js";
import { resumable, upload } from "./uploads.js";

type Open = (request: Incoming, world: World) => Reply | Promise<Reply>;
type Closed = (request: Signed, world: World) => Reply | Promise<Reply>;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly answer: Open;
}

const LIBRARY = "photoslibrary.googleapis.com";
const PICKER = "photospicker.googleapis.com";
const DRIVE = "drive.googleapis.com";
const RPC = "google.photos.library.v1.PhotosLibrary";

const route = (method: string, pattern: RegExp, answer: Open): Route => ({ method, pattern, answer });

function library(
  method: string,
  pattern: RegExp,
  rpc: string,
  scopes: readonly string[],
  answer: Closed,
): Route {
  const isWrite = method !== "GET" && !["SearchMediaItems", "Upload"].includes(rpc);
  return route(method, pattern, async (request, world) => {
    const known = signed(request, LIBRARY, `${RPC}.${rpc}`, scopes, world);
    spendLibrary(world, known.access.grant.clientId, known.access.grant.email, isWrite);
    return answer(known, world);
  });
}

function picker(method: string, pattern: RegExp, answer: Closed): Route {
  return route(method, pattern, async (request, world) => {
    const known = signed(request, PICKER, "google.photos.picker.v1.Picker", [SCOPES.picker], world);
    spendPicker(world, known.access.grant.clientId);
    return answer(known, world);
  });
}

const DRIVE_SCOPES = [SCOPES.drive, SCOPES.driveMetadata, SCOPES.driveFile];

function drive(pattern: RegExp, answer: Closed): Route {
  return route("GET", pattern, async (request, world) => {
    try {
      return await answer(signed(request, DRIVE, "drive", DRIVE_SCOPES, world), world);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Drive tells of tokens and scopes in its own form of errors.
      if (error.reply.status === 401) throw new Refusal({ ...error.reply, body: unauthorized });
      throw error;
    }
  });
}

const unauthorized = String(
  driveError(401, "authError", "Invalid Credentials", { locationType: "header", location: "Authorization" })
    .body,
);

const { append, read, edit } = SCOPES;
const L = "^/photoslibrary/v1";

const ROUTES: readonly Route[] = [
  route("GET", /^\/o\/oauth2\/v2\/auth$/, authorize),
  route("POST", /^\/token$/, token),
  route("POST", /^\/revoke$/, revoke),
  route("GET", /^\/v1\/userinfo$/, userinfo),
  library("GET", new RegExp(`${L}/mediaItems$`), "ListMediaItems", [read], listItems),
  library("GET", new RegExp(`${L}/mediaItems:batchGet$`), "BatchGetMediaItems", [read], batchGet),
  library("POST", new RegExp(`${L}/mediaItems:search$`), "SearchMediaItems", [read], searchItems),
  library("POST", new RegExp(`${L}/mediaItems:batchCreate$`), "BatchCreateMediaItems", [append], batchCreate),
  library("GET", new RegExp(`${L}/mediaItems/([^/:]+)$`), "GetMediaItem", [read], getItem),
  library("PATCH", new RegExp(`${L}/mediaItems/([^/:]+)$`), "UpdateMediaItem", [edit], patchItem),
  library("POST", new RegExp(`${L}/albums$`), "CreateAlbum", [append], createAlbum),
  library("GET", new RegExp(`${L}/albums$`), "ListAlbums", [read], listAlbums),
  library("GET", new RegExp(`${L}/albums/([^/:]+)$`), "GetAlbum", [read], getAlbum),
  library("PATCH", new RegExp(`${L}/albums/([^/:]+)$`), "UpdateAlbum", [edit], patchAlbum),
  library(
    "POST",
    new RegExp(`${L}/albums/([^/:]+):(batchAddMediaItems|batchRemoveMediaItems)$`),
    "BatchAddMediaItemsToAlbum",
    [append, edit],
    changeAlbumItems,
  ),
  library(
    "POST",
    new RegExp(`${L}/albums/([^/:]+):addEnrichment$`),
    "AddEnrichmentToAlbum",
    [append, edit],
    addEnrichment,
  ),
  library(
    "POST",
    new RegExp(`${L}/albums/[^/:]+:(?:share|unshare)$`),
    "ShareAlbum",
    REMOVED_SCOPES,
    sharingEnded,
  ),
  library("GET", new RegExp(`${L}/sharedAlbums(?:/.*)?$`), "ListSharedAlbums", REMOVED_SCOPES, sharingEnded),
  library(
    "POST",
    new RegExp(`${L}/sharedAlbums:(?:join|leave)$`),
    "JoinSharedAlbum",
    REMOVED_SCOPES,
    sharingEnded,
  ),
  library("POST", new RegExp(`${L}/uploads$`), "Upload", [append], upload),
  library("POST", /^\/photoslibrary\/uploads\/([\w-]+)$/, "Upload", [append], resumable),
  picker("POST", /^\/photospicker\/v1\/sessions$/, createSession),
  picker("GET", /^\/photospicker\/v1\/sessions\/([\w-]+)$/, getSession),
  picker("DELETE", /^\/photospicker\/v1\/sessions\/([\w-]+)$/, deleteSession),
  picker("GET", /^\/photospicker\/v1\/mediaItems$/, listPicked),
  route("GET", /^\/picker\/([\w-]+)(?:\/autoclose)?$/, pickerPage),
  route("GET", /^\/(lr|ppa)\/([\w-]+)(?:=([\w-]*))?$/, mediaBytes),
  route("HEAD", /^\/(lr|ppa)\/([\w-]+)(?:=([\w-]*))?$/, mediaBytes),
  drive(/^\/drive\/v3\/about$/, about),
  drive(/^\/drive\/v3\/files$/, listFiles),
  drive(/^\/drive\/v3\/files\/([\w-]+)$/, getFile),
  drive(/^\/drive\/v3\/changes\/startPageToken$/, startPageToken),
  drive(/^\/drive\/v3\/changes$/, listChanges),
];

/** What the emulated Google answers. Unknown paths and methods get a page for people, whatever they ask for. */
export async function answer(request: Omit<Incoming, "captured">, world: World): Promise<Reply> {
  for (const { method, pattern, answer: respond } of ROUTES) {
    const found = method === request.method ? pattern.exec(request.path) : null;
    if (found === null) continue;
    try {
      return await respond({ ...request, captured: found.slice(1).map((part) => part ?? "") }, world);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  }
  return notFoundPage(request.path);
}

import { SCOPES } from "./bearer.js";
import { parseQuery } from "./drive-query.js";
import { driveFileJson, selected } from "./drive-wire.js";
import { pageOf } from "./pages.js";
import { driveError, json, Refusal, type Reply, type Signed, type World } from "./reply.js";
import { rootOf } from "./seed.js";
import type { DriveFile } from "./state.js";

const MOST_ON_PAGE = 1000;

export const wrongParameter = (name: string, value: string): Refusal =>
  new Refusal(
    driveError(400, "invalid", `Invalid Value: ${value}`, { locationType: "parameter", location: name }),
  );

/** Refuses what the method does not know. */
export function checkDriveQuery(request: Signed, known: readonly string[]): void {
  const standard = ["fields", "alt", "prettyPrint", "key", "quotaUser", "supportsAllDrives"];
  for (const name of request.query.keys()) {
    if (!known.includes(name) && !standard.includes(name)) throw wrongParameter(name, "unknown parameter");
  }
}

/** From 1 to 1000; more is cut to 1000. */
export function drivePageSize(request: Signed): number {
  const words = request.query.get("pageSize") ?? "100";
  const size = Number(words);
  if (!Number.isInteger(size) || size < 1) throw wrongParameter("pageSize", words);
  return Math.min(size, MOST_ON_PAGE);
}

/** Whether the token's scopes let this file be seen. `drive.file` sees what the app made or was opened with it. */
export function isSeen(file: DriveFile, { access }: Signed): boolean {
  const { email, scopes, clientId } = access.grant;
  if (file.email !== email) return false;
  if (scopes.includes(SCOPES.drive) || scopes.includes(SCOPES.driveMetadata)) return true;
  return file.appClientId === clientId;
}

function ordered(files: DriveFile[], orderBy: string): DriveFile[] {
  const keys: Readonly<Record<string, (file: DriveFile) => string | number>> = {
    name: (file) => file.name,
    name_natural: (file) => file.name,
    createdTime: (file) => file.createdMs,
    modifiedTime: (file) => file.modifiedMs,
    folder: (file) => (file.mimeType.endsWith(".folder") ? 0 : 1),
  };
  for (const part of orderBy.split(",").reverse()) {
    const [name = "", direction] = part.trim().split(" ");
    const key = keys[name];
    if (key === undefined) throw wrongParameter("orderBy", orderBy);
    const sign = direction === "desc" ? -1 : 1;
    files.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  }
  return files;
}

/** `GET /drive/v3/files` */
export function listFiles(request: Signed, world: World): Reply {
  checkDriveQuery(request, [
    "q",
    "pageSize",
    "pageToken",
    "orderBy",
    "spaces",
    "corpora",
    "includeItemsFromAllDrives",
  ]);
  const { query } = request;
  const pageSize = drivePageSize(request);
  const q = query.get("q") ?? "";
  const test = q === "" ? () => true : parseQuery(q, request.access.grant.email);
  if (test === null) throw wrongParameter("q", q);
  // My Drive itself is in no list.
  const listed = [...world.state.driveFiles.values()].filter((file) => file.parents.length > 0);
  const found = listed.filter((file) => isSeen(file, request) && test(file));
  const orderBy = query.get("orderBy") ?? "";
  const files = orderBy === "" ? found : ordered(found, orderBy);
  const tie = `files ${request.access.grant.email} ${q} ${orderBy} ${pageSize}`;
  const page = pageOf(files, pageSize, query.get("pageToken") ?? "", tie, world);
  if (page === null) throw wrongParameter("pageToken", query.get("pageToken") ?? "");
  const reply = {
    kind: "drive#fileList",
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    incompleteSearch: false,
    files: page.part.map(driveFileJson),
  };
  const standard = "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)";
  const known = ["kind", "nextPageToken", "incompleteSearch", "files"];
  return json(selected(request, reply, standard, known, ["files"]));
}

export function seenFile(id: string, request: Signed, world: World): DriveFile {
  const file = world.state.driveFiles.get(id === "root" ? rootOf(request.access.grant.email) : id);
  if (file === undefined || !isSeen(file, request)) {
    throw new Refusal(
      driveError(404, "notFound", `File not found: ${id}.`, {
        locationType: "parameter",
        location: "fileId",
      }),
    );
  }
  return file;
}

/** The bytes, or a part of them. */
function bytes(request: Signed, file: DriveFile): Reply {
  const { content } = file;
  const canRead = [SCOPES.drive, SCOPES.driveFile].some((scope) =>
    request.access.grant.scopes.includes(scope),
  );
  if (!canRead) throw new Refusal(driveError(403, "insufficientPermissions", "Insufficient Permission"));
  if (content === undefined) {
    throw new Refusal(
      driveError(
        403,
        "fileNotDownloadable",
        "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
        {
          locationType: "parameter",
          location: "alt",
        },
      ),
    );
  }
  if (!file.canDownload) {
    throw new Refusal(driveError(403, "cannotDownloadFile", "This file cannot be downloaded by the user."));
  }
  const size = content.sizeBytes;
  const head = { "content-type": file.mimeType, "accept-ranges": "bytes" };
  const range = /^bytes=(\d+)-(\d*)$/.exec(String(request.headers.range ?? ""));
  if (range === null)
    return { status: 200, headers: head, body: { sizeBytes: size, stream: content.stream() } };
  const from = Number(range[1]);
  const to = Math.min(size, range[2] === "" ? size : Number(range[2]) + 1);
  if (from >= size) {
    const reply = driveError(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
    throw new Refusal({ ...reply, headers: { ...reply.headers, "content-range": `bytes */${size}` } });
  }
  return {
    status: 206,
    headers: { ...head, "content-range": `bytes ${from}-${to - 1}/${size}` },
    body: { sizeBytes: to - from, stream: content.stream(from, to) },
  };
}

/** `GET /drive/v3/files/{id}`: what is known of a file, or with `alt=media` its bytes. */
export function getFile(request: Signed, world: World): Reply {
  checkDriveQuery(request, ["acknowledgeAbuse"]);
  const file = seenFile(request.captured[0] ?? "", request, world);
  if (request.query.get("alt") === "media") return bytes(request, file);
  return json(selected(request, driveFileJson(file), "kind,id,name,mimeType", [], []));
}

/** `GET /drive/v3/about`: `fields` must be named. */
export function about(request: Signed): Reply {
  checkDriveQuery(request, []);
  if (!request.query.has("fields")) {
    throw new Refusal(
      driveError(400, "required", "The 'fields' parameter is required for this method.", {
        locationType: "parameter",
        location: "fields",
      }),
    );
  }
  const { email } = request.access.grant;
  const user = {
    kind: "drive#user",
    displayName: email.split("@")[0],
    emailAddress: email,
    me: true,
    permissionId: "1",
  };
  const storageQuota = { limit: "16106127360", usage: "1024", usageInDrive: "1024", usageInDriveTrash: "0" };
  const known = ["kind", "user", "storageQuota", "maxUploadSize", "canCreateDrives"];
  const reply = {
    kind: "drive#about",
    user,
    storageQuota,
    maxUploadSize: "5242880000000",
    canCreateDrives: false,
  };
  return json(selected(request, reply, "", known, ["none"]));
}

import { rfc3339 } from "./clock.js";
import { checkDriveQuery, drivePageSize, isSeen, wrongParameter } from "./drive-files.js";
import { driveFileJson, selected } from "./drive-wire.js";
import { json, type Reply, type Signed, type World } from "./reply.js";

/** `GET /drive/v3/changes/startPageToken` */
export function startPageToken(request: Signed, world: World): Reply {
  checkDriveQuery(request, ["driveId"]);
  return json({ kind: "drive#startPageToken", startPageToken: String(world.state.driveChanges.length + 1) });
}

/** `GET /drive/v3/changes`: of each file only the last change since the token, oldest first. */
export function listChanges(request: Signed, world: World): Reply {
  checkDriveQuery(request, [
    "pageToken",
    "pageSize",
    "includeRemoved",
    "restrictToMyDrive",
    "spaces",
    "includeItemsFromAllDrives",
    "includeCorpusRemovals",
  ]);
  const words = request.query.get("pageToken");
  const all = world.state.driveChanges;
  const start = Number(words);
  if (words === null || !/^[1-9]\d*$/.test(words) || start > all.length + 1) {
    throw wrongParameter("pageToken", words ?? "");
  }
  const { email } = request.access.grant;
  const withRemoved = request.query.get("includeRemoved") !== "false";
  const lastOf = new Map(all.map((change, at) => [change.fileId, at]));
  const pageSize = drivePageSize(request);
  const changes: object[] = [];
  let at = start - 1;
  for (; at < all.length && changes.length < pageSize; at += 1) {
    const change = all[at];
    if (change === undefined || change.email !== email || lastOf.get(change.fileId) !== at) continue;
    const file = world.state.driveFiles.get(change.fileId);
    if (file === undefined || change.isRemoved ? !withRemoved : !isSeen(file, request)) continue;
    changes.push({
      kind: "drive#change",
      changeType: "file",
      time: rfc3339(change.atMs).replace("Z", ".000Z"),
      removed: file === undefined,
      fileId: change.fileId,
      ...(file === undefined ? {} : { file: driveFileJson(file) }),
    });
  }
  const isEnd = at >= all.length;
  const reply = {
    kind: "drive#changeList",
    ...(isEnd ? { newStartPageToken: String(all.length + 1) } : { nextPageToken: String(at + 1) }),
    changes,
  };
  const standard =
    "kind,nextPageToken,newStartPageToken,changes(kind,changeType,time,removed,fileId,file(kind,id,name,mimeType))";
  const known = ["kind", "nextPageToken", "newStartPageToken", "changes"];
  return json(selected(request, reply, standard, known, ["changes", "file"]));
}

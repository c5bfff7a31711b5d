import { rfc3339 } from "./clock.js";
import { masked, parseMask, unknownNames } from "./field-mask.js";
import { driveError, type Incoming, Refusal } from "./reply.js";
import type { DriveFile } from "./state.js";

/** Names of a file's fields that may be asked for; asking for others is refused. */
const FILE_FIELDS = (
  "kind id name mimeType description starred trashed explicitlyTrashed parents properties appProperties spaces version webViewLink " +
  "webContentLink iconLink thumbnailLink viewedByMe createdTime modifiedTime modifiedByMeTime sharedWithMeTime owners driveId " +
  "lastModifyingUser shared ownedByMe capabilities permissions permissionIds originalFilename fullFileExtension fileExtension " +
  "md5Checksum sha1Checksum sha256Checksum size quotaBytesUsed headRevisionId imageMediaMetadata videoMediaMetadata shortcutDetails " +
  "isAppAuthorized exportLinks"
).split(" ");

/** A file with all that Drive tells of it. */
export function driveFileJson(file: DriveFile): Record<string, unknown> {
  const { content } = file;
  const sums =
    content === undefined
      ? {}
      : {
          size: String(content.sizeBytes),
          md5Checksum: content.md5,
          sha1Checksum: content.sha1,
          ...(file.hasSha256 ? { sha256Checksum: content.sha256 } : {}),
          headRevisionId: `rev-${content.sha1.slice(0, 20)}`,
          originalFilename: file.name,
        };
  return {
    kind: "drive#file",
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.description === undefined ? {} : { description: file.description }),
    parents: file.parents,
    createdTime: rfc3339(file.createdMs).replace("Z", ".000Z"),
    modifiedTime: rfc3339(file.modifiedMs).replace("Z", ".000Z"),
    version: String(file.version),
    trashed: file.trashed,
    explicitlyTrashed: file.trashed,
    ownedByMe: file.ownedByMe,
    shared: file.permissions.length > 1,
    ...(file.ownedByMe
      ? {
          permissions: file.permissions.map((one, at) => ({
            kind: "drive#permission",
            id: `p${at}`,
            ...one,
          })),
        }
      : {}),
    capabilities: { canDownload: file.canDownload },
    webViewLink: `https://drive.google.com/file/d/${file.id}/view?usp=drivesdk`,
    ...sums,
    ...(file.imageMediaMetadata === undefined ? {} : { imageMediaMetadata: file.imageMediaMetadata }),
    ...(file.shortcutTarget === undefined
      ? {}
      : { shortcutDetails: { targetId: file.shortcutTarget, targetMimeType: "image/jpeg" } }),
  };
}

const wrongFields = (name: string): Refusal =>
  new Refusal(
    driveError(400, "invalidParameter", `Invalid field selection ${name}`, {
      locationType: "parameter",
      location: "fields",
    }),
  );

/** The reply with only what `fields` asks for. `fileAt` tells where in it files stand, to judge their names. */
export function selected(
  request: Incoming,
  reply: Readonly<Record<string, unknown>>,
  standard: string,
  known: readonly string[],
  fileAt: readonly string[],
): unknown {
  const mask = parseMask(request.query.get("fields") ?? standard);
  if (mask === null) throw wrongFields(request.query.get("fields") ?? "");
  const names = fileAt.length === 0 ? FILE_FIELDS : known;
  for (const name of unknownNames(mask, names)) throw wrongFields(name);
  let inner: ReturnType<typeof parseMask> | undefined = mask;
  for (const name of fileAt) inner = inner?.get(name);
  if (fileAt.length > 0 && inner)
    for (const name of unknownNames(inner, FILE_FIELDS)) throw wrongFields(name);
  return masked(reply, mask);
}

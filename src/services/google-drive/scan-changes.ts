import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { ServiceInstance } from "../../ports/photo-service.js";
import { oddReply } from "../google-api/google-request.js";
import type { Change, DriveClient } from "./drive-client.js";
import { type DriveFile, driveInstance, FOLDER_TYPE, mediaKindOf } from "./drive-file.js";
import { foldersWithin } from "./drive-folders.js";

/** What happened since a token. */
export type Changes =
  | {
      readonly kind: "changes";
      readonly seen: readonly ServiceInstance[];
      readonly gone: readonly string[];
      /** Where the next look begins. */
      readonly token: string;
    }
  /** Only a listing of everything can tell; `why` is for people. */
  | { readonly kind: "unclear"; readonly why: string };

/** More changes than these are no quicker than a listing, and would all be held at once. */
const MOST_CHANGES = 20_000;
const TOKEN_REFUSED = [400, 404, 410];

async function changesSince(
  account: string,
  token: string,
  client: DriveClient,
  call: Call,
): Promise<{ readonly changes: readonly Change[]; readonly token: string } | null> {
  const changes = new Map<string, Change>();
  for (let at = token; ; ) {
    const page = await client.changes(at, call);
    for (const change of page.changes) changes.set(change.fileId, change);
    if (changes.size > MOST_CHANGES) return null;
    if (page.nextPageToken === undefined) {
      if (page.newStartPageToken === undefined) throw oddReply(account, "changes.list", "an end");
      return { changes: [...changes.values()], token: page.newStartPageToken };
    }
    if (page.nextPageToken === at) throw oddReply(account, "changes.list", "an end");
    at = page.nextPageToken;
  }
}

const isRefusedToken = (error: unknown): boolean =>
  error instanceof PhotosyncError &&
  error.kind === "user" &&
  TOKEN_REFUSED.includes(Number(error.data["status"]));

/**
 * What changed among the pictures and videos of some folders since a token. Files that were removed, trashed or moved elsewhere are gone.
 * A folder that was made, moved or trashed takes files along that have no change of their own: that is unclear, as is a token
 * that Drive no longer takes.
 */
export async function scanChanges(
  account: string,
  token: string,
  roots: readonly string[],
  client: DriveClient,
  call: Call,
): Promise<Changes> {
  let found: Awaited<ReturnType<typeof changesSince>>;
  try {
    found = await changesSince(account, token, client, call);
  } catch (error) {
    if (isRefusedToken(error))
      return { kind: "unclear", why: "Drive no longer knows where the last look ended" };
    throw error;
  }
  if (found === null) return { kind: "unclear", why: "very much has changed" };
  const { changes } = found;
  if (changes.some(({ file }) => file?.mimeType === FOLDER_TYPE)) {
    return { kind: "unclear", why: "folders were made, moved or renamed" };
  }
  const media = changes.flatMap(({ file }) => {
    const kind = file === null ? null : mediaKindOf(file);
    return file === null || kind === null ? [] : [{ file, kind }];
  });
  const within = media.length === 0 ? new Set<string>() : await foldersWithin(roots, client, call);
  // A file in a folder that was not found would be taken for gone.
  if (within === null) return { kind: "unclear", why: "Drive did not look in all of its folders" };
  const isHere = ({ isTrashed, parents }: DriveFile): boolean =>
    !isTrashed && parents.some((id) => within.has(id));
  return {
    kind: "changes",
    seen: media.filter(({ file }) => isHere(file)).map(({ file, kind }) => driveInstance(file, kind)),
    gone: [
      ...changes.filter(({ file }) => file === null).map(({ fileId }) => fileId),
      ...media.filter(({ file }) => !isHere(file)).map(({ file }) => file.id),
    ],
    token: found.token,
  };
}

import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { DriveClient } from "./drive-client.js";
import { FOLDER_TYPE } from "./drive-file.js";

/** A folder's page in the browser. */
const PAGE_ADDRESS = /^https:\/\/drive\.google\.com\/(?:drive\/)?(?:u\/\d+\/)?folders\/([\w-]+)/;
const ID = /^[\w-]{10,}$/;

/** A text between the quotes of `q` (https://developers.google.com/workspace/drive/api/guides/search-files). */
export const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const problem = (account: string, code: string, message: string, next: string): PhotosyncError =>
  new PhotosyncError({ kind: "user", code: `${account}.${code}`, message, next: [next] });

/**
 * The id of a folder as the configuration names it: by its address in the browser, its id, or its path from My Drive (`/Photos/2023`;
 * `/` is all of it). Throws `<account>.folder-missing` and, as names need not be unique in Drive, `<account>.folder-ambiguous` (user).
 */
export async function folderId(
  account: string,
  named: string,
  client: DriveClient,
  call: Call,
): Promise<string> {
  const missing = () =>
    problem(
      account,
      "folder-missing",
      `There is no folder ${named} in ${account}, or not for this account.`,
      "Give its address as the browser shows it, or its path from My Drive, under folders in config/services.json.",
    );
  const given = PAGE_ADDRESS.exec(named)?.[1] ?? (ID.test(named) ? named : null);
  const start = given ?? "root";
  const folder = await client.file(start, call);
  if (folder === null || folder.isTrashed || folder.mimeType !== FOLDER_TYPE) throw missing();
  if (given !== null) return folder.id;
  if (!named.startsWith("/") && named !== "root") throw missing();
  let { id } = folder;
  for (const name of named === "root" ? [] : named.split("/").filter((part) => part !== "")) {
    const q = `${quoted(id)} in parents and name = ${quoted(name)} and mimeType = '${FOLDER_TYPE}' and trashed = false`;
    const { files } = await client.files(q, "id,name,mimeType", undefined, call);
    const [found, another] = files;
    if (found === undefined) throw missing();
    if (another !== undefined) {
      throw problem(
        account,
        "folder-ambiguous",
        `There are several folders ${name} on the way to ${named} in ${account}.`,
        "Give the folder's address as the browser shows it under folders in config/services.json.",
      );
    }
    id = found.id;
  }
  return id;
}

/** The folders of these ids and all folders in them; null where Drive did not look everywhere. One request for a thousand folders of the account. */
export async function foldersWithin(
  roots: readonly string[],
  client: DriveClient,
  call: Call,
): Promise<ReadonlySet<string> | null> {
  const inner = new Map<string, string[]>();
  let pageToken: string | undefined;
  do {
    const q = `mimeType = '${FOLDER_TYPE}' and trashed = false`;
    const page = await client.files(q, "id,mimeType,parents", pageToken, call);
    if (!page.isComplete) return null;
    for (const { id, parents } of page.files) {
      for (const parent of parents) inner.set(parent, [...(inner.get(parent) ?? []), id]);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  const within = new Set(roots);
  for (const id of within) for (const child of inner.get(id) ?? []) within.add(child);
  return within;
}

import { unavailable } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type { ScanPage, ScanRequest, ServiceInstance } from "../../ports/photo-service.js";
import { oddReply } from "../google-api/google-request.js";
import type { DriveClient } from "./drive-client.js";
import {
  driveInstance,
  FILE_FIELDS,
  FOLDER_TYPE,
  mediaKindOf,
  SHORTCUT_TYPE,
  UNTYPED,
} from "./drive-file.js";
import { quoted } from "./drive-folders.js";

/** Folders in one query: some 1,500 characters of an address. */
const FOLDERS_AT_ONCE = 30;

export interface FileScan {
  readonly account: string;
  readonly roots: readonly string[];
  /** Where the changes after this scan begin. */
  readonly cursor: string;
  /** False where something is known to be missing already. */
  readonly isSound: boolean;
}

function queryFor(folders: readonly string[], since: string | undefined): string {
  const parents = folders.map((id) => `${quoted(id)} in parents`).join(" or ");
  const media = `mimeType contains 'image/' or mimeType contains 'video/' or mimeType = '${UNTYPED}' or mimeType = '${SHORTCUT_TYPE}'`;
  const fresh = since === undefined ? media : `(${media}) and createdTime >= ${quoted(since)}`;
  return `(${parents}) and trashed = false and (mimeType = '${FOLDER_TYPE}' or ${fresh})`;
}

/**
 * Lists the pictures and videos in folders and all folders in them, a thousand on a page, many folders in one query. Shortcuts
 * are counted and skipped: what they point to counts where it lies. The cursor comes only with a scan that was whole.
 */
export async function* scanFiles(
  client: DriveClient,
  { account, roots, cursor, isSound }: FileScan,
  { since, limit = Number.POSITIVE_INFINITY }: ScanRequest,
  call: Call,
): AsyncGenerator<ScanPage> {
  const known = new Set(roots);
  let waiting = [...known];
  let given = 0;
  let shortcuts = 0;
  let isComplete = isSound;
  while (waiting.length > 0 && given < limit) {
    const folders = waiting.slice(0, FOLDERS_AT_ONCE);
    waiting = waiting.slice(FOLDERS_AT_ONCE);
    // A file lies in one folder: it can come twice only within these pages.
    const listed = new Set<string>();
    let pageToken: string | undefined;
    do {
      const page = await client.files(queryFor(folders, since), FILE_FIELDS, pageToken, call);
      const seen: ServiceInstance[] = [];
      for (const file of page.files) {
        if (file.mimeType === FOLDER_TYPE && !known.has(file.id)) {
          known.add(file.id);
          waiting.push(file.id);
        }
        if (file.mimeType === SHORTCUT_TYPE) shortcuts += 1;
        const kind = mediaKindOf(file);
        if (kind === null || listed.has(file.id) || given >= limit) continue;
        listed.add(file.id);
        given += 1;
        seen.push(driveInstance(file, kind));
      }
      if (!page.isComplete) {
        isComplete = false;
        const message = `${account} did not search all of its folders.`;
        yield { kind: "problem", subject: account, error: unavailable({ account, message }) };
      }
      if (seen.length > 0) yield { kind: "instances", seen };
      if (page.nextPageToken !== undefined && page.nextPageToken === pageToken) {
        throw oddReply(account, "files.list", "an end");
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && given < limit);
  }
  if (shortcuts > 0) {
    yield {
      kind: "note",
      message: `${account}: ${shortcuts} shortcuts were passed over; add their folders to have what they point to.`,
    };
  }
  const isWhole = isComplete && since === undefined && given < limit;
  yield { kind: "end", isWhole, gone: [], ...(isWhole && { cursor }) };
}

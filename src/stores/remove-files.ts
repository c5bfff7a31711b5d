import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { BlobKey } from "../domain/ids.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { BlobTrace } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import { type Disk, failed, isErrno, syncPath } from "./disk.js";
import { SET_ASIDE } from "./set-aside.js";

/**
 * What a local store has of a blob: the file, and what was set aside from under its key. A folder in either place is nobody's blob
 * and left out; a link is told, and never followed. Throws as `diskError` says.
 */
export async function tracesOf(disk: Disk, root: string, key: BlobKey): Promise<readonly BlobTrace[]> {
  const file = await traceOf(disk, "blob", join(root, key));
  const base = `${key.replaceAll("/", "_")}.`;
  const aside = join(root, SET_ASIDE);
  const names = await disk.readdir(aside).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return [];
    return failed(aside, "list")(error);
  });
  const found = [file];
  for (const name of names.sort()) {
    if (name.startsWith(base) && /^\d+$/.test(name.slice(base.length)))
      found.push(await traceOf(disk, "set-aside", join(aside, name)));
  }
  return found.filter((trace) => trace !== null);
}

async function traceOf(disk: Disk, kind: BlobTrace["kind"], where: string): Promise<BlobTrace | null> {
  try {
    const stats = await disk.lstat(where);
    return stats.isDirectory() ? null : { kind, where, sizeBytes: stats.size };
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    return failed(where, "look at")(error);
  }
}

/**
 * Removes these files for good, so that a power cut does not bring them back, and tells how many there were. Throws as `diskError` says,
 * and `store.unreliable` where the blob is still there afterwards.
 */
export async function removeFiles(disk: Disk, root: string, key: BlobKey, call: Call): Promise<number> {
  const found = await tracesOf(disk, root, key);
  for (const { where } of found) {
    throwIfAborted(call);
    await disk.unlink(where).catch((error: unknown) => {
      if (!isErrno(error, "ENOENT")) failed(where, "remove")(error);
    });
  }
  for (const folder of new Set(found.map(({ where }) => dirname(where)))) await syncPath(disk, folder);
  if ((await tracesOf(disk, root, key)).length > 0) {
    throw new PhotosyncError({
      kind: "integrity",
      code: "store.unreliable",
      message: `${join(root, key)} is still there after it was removed.`,
      next: ["See that no other program puts it back, then run the same command again."],
    });
  }
  return found.length;
}

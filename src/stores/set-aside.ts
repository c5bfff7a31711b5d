import { join } from "node:path";
import type { BlobKey } from "../domain/ids.js";
import { type Disk, diskError, isErrno, syncPath } from "./disk.js";

export const SET_ASIDE = ".set-aside";

/** What a file system without hard links answers (exFAT, FAT, some shares), and Linux for files of other users or folders. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"];

/** `apart`: the file is on another file system than the name, or another writer took it; its bytes have to be copied. */
export type Published = "published" | "taken" | "apart";

/**
 * Gives a finished file its final name, in one step, and never over another file. Where the file system has no hard
 * links this is a rename, which cannot tell; the caller has looked just before. The old name may be left as well.
 */
export async function publish(disk: Disk, from: string, to: string): Promise<Published> {
  try {
    await disk.link(from, to);
    return "published";
  } catch (error) {
    if (isErrno(error, "EEXIST")) return "taken";
    if (isErrno(error, "EXDEV") || (isErrno(error, "ENOENT") && (await isGone(disk, from)))) return "apart";
    if (!isErrno(error, ...NO_LINKS)) throw diskError(error, to, "store");
  }
  return (await replace(disk, from, to)) ? "published" : "apart";
}

const isGone = (disk: Disk, path: string): Promise<boolean> =>
  disk.lstat(path).then(
    () => false,
    (error: unknown) => isErrno(error, "ENOENT"),
  );

/** Gives a finished file the name of another, in one step. False when it is on another file system, or was taken. */
export async function replace(disk: Disk, from: string, to: string): Promise<boolean> {
  try {
    await disk.rename(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, "EXDEV") || (isErrno(error, "ENOENT") && (await isGone(disk, from)))) return false;
    throw diskError(error, to, "store");
  }
}

/**
 * Keeps whatever stands under `path` as `<root>/.set-aside/<key with / as _>.<n>`, durably, never over an earlier one,
 * and tells where. A plain file keeps its own name as well (a second link), so that the right bytes can then replace
 * it in one step and the name is never empty; where that is impossible it is moved. Null when it went away meanwhile.
 */
export async function setAside(disk: Disk, root: string, key: BlobKey, path: string): Promise<string | null> {
  const folder = join(root, SET_ASIDE);
  try {
    await disk.mkdir(folder).catch(unlessThere);
    const base = join(folder, key.replaceAll("/", "_"));
    const isFolder = (await disk.lstat(path)).isDirectory();
    for (let n = 0; ; n++) {
      const aside = `${base}.${n}`;
      if (await keep(disk, path, aside, isFolder)) {
        await syncPath(disk, folder);
        await syncPath(disk, root);
        return aside;
      }
    }
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw diskError(error, path, "set aside");
  }
}

async function keep(disk: Disk, path: string, aside: string, isFolder: boolean): Promise<boolean> {
  try {
    if (!isFolder) {
      await disk.link(path, aside);
      return true;
    }
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    if (!isErrno(error, ...NO_LINKS)) throw error;
  }
  return move(disk, path, aside, isFolder);
}

/** A rename would replace what has the name already, so an empty file (for a folder: a folder) claims the name first. */
async function move(disk: Disk, path: string, aside: string, isFolder: boolean): Promise<boolean> {
  try {
    if (isFolder) await disk.mkdir(aside);
    else await (await disk.open(aside, "wx")).close();
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
  await disk.rename(path, aside);
  return true;
}

/** For `mkdir`: a folder that exists already is as good. */
export function unlessThere(error: unknown): void {
  if (!isErrno(error, "EEXIST")) throw error;
}

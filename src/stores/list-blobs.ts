import { join } from "node:path";
import { type BlobKey, isBlobKey } from "../domain/ids.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import { type Disk, diskError, isErrno, unavailable } from "./disk.js";

const AT_ONCE = 64;
const YEAR = /^\d{4}$/;
const MONTH = /^\d{2}$/;

/** Names in a folder, sorted by code unit as keys are. A plain file has none; a folder that vanished is an error. */
async function namesIn(disk: Disk, folder: string): Promise<string[]> {
  try {
    return (await disk.readdir(folder)).sort();
  } catch (error) {
    if (isErrno(error, "ENOTDIR")) return [];
    if (isErrno(error, "ENOENT")) throw unavailable(folder, "the folder went away.", error);
    throw diskError(error, folder, "list");
  }
}

/** The folders that hold blobs (`2024/01`, `undated`), sorted, from `from` on; earlier ones are not opened. */
export async function* blobFolders(disk: Disk, root: string, from = ""): AsyncGenerator<string> {
  for (const first of await namesIn(disk, root)) {
    if (first === "undated") yield first;
    if (!YEAR.test(first) || first < from.slice(0, first.length)) continue;
    for (const month of await namesIn(disk, join(root, first))) {
      if (MONTH.test(month) && `${first}/${month}` >= from) yield `${first}/${month}`;
    }
  }
}

/** Sizes of the plain files among these keys; absent ones and anything that is no plain file are left out. */
export async function sizesOf(
  disk: Disk,
  root: string,
  keys: readonly BlobKey[],
  call: Call,
): Promise<Map<BlobKey, number>> {
  const sizes = new Map<BlobKey, number>();
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    throwIfAborted(call);
    const batch = keys.slice(start, start + AT_ONCE);
    const found = await Promise.all(batch.map((key) => sizeOf(disk, join(root, key))));
    for (const [index, key] of batch.entries()) {
      const size = found[index];
      if (size !== undefined) sizes.set(key, size);
    }
  }
  return sizes;
}

async function sizeOf(disk: Disk, path: string): Promise<number | undefined> {
  try {
    const stats = await disk.lstat(path);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw diskError(error, path, "look at");
  }
}

/** Every blob under `root` sorted by key, from after `after`. Holds the names of one folder at a time. */
export async function* listBlobs(
  disk: Disk,
  root: string,
  after: BlobKey | undefined,
  call: Call,
): AsyncGenerator<{ readonly key: BlobKey; readonly sizeBytes: number }> {
  throwIfAborted(call);
  const from = after?.slice(0, after.lastIndexOf("/"));
  for await (const folder of blobFolders(disk, root, from)) {
    const keys = (await namesIn(disk, join(root, folder)))
      .map((name) => `${folder}/${name}`)
      .filter(isBlobKey)
      .filter((key) => after === undefined || key > after);
    for (let start = 0; start < keys.length; start += AT_ONCE) {
      const sizes = await sizesOf(disk, root, keys.slice(start, start + AT_ONCE), call);
      for (const [key, sizeBytes] of sizes) yield { key, sizeBytes };
      throwIfAborted(call);
    }
  }
}

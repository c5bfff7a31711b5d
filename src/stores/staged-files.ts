import { join } from "node:path";
import { type ContentHash, contentHash } from "../domain/ids.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import { type Disk, isErrno } from "./disk.js";
import { isAbandoned, isTempName } from "./temp-name.js";

const FOLDER = /^[0-9a-f]{2}$/;
const FILE = /^[0-9a-f]{64}$/;

/** Names in a folder of staging; none where it is not there. What cannot be read is as good as not kept. */
const namesIn = (disk: Disk, folder: string): Promise<readonly string[]> =>
  disk.readdir(folder).catch((error: unknown) => {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EIO")) return [];
    throw error;
  });

/** The hashes of the bytes that wait in a staging folder, one subfolder's names in memory at a time. */
export async function* stagedHashes(disk: Disk, root: string, call: Call): AsyncGenerator<ContentHash> {
  for (const folder of (await namesIn(disk, root)).filter((name) => FOLDER.test(name))) {
    throwIfAborted(call);
    for (const name of await namesIn(disk, join(root, folder))) {
      if (FILE.test(name) && name.startsWith(folder)) yield contentHash(name);
    }
  }
}

/** Removes what killed writers left half-written in a staging folder. To be called with the library's lock held. */
export async function sweepStaging(disk: Disk, root: string): Promise<void> {
  for (const name of (await namesIn(disk, root)).filter(isTempName)) {
    const path = join(root, name);
    const stats = await disk.lstat(path).catch(() => null);
    if (stats !== null && isAbandoned(name, stats.mtimeMs))
      await disk.rm(path, { force: true }).catch(() => {});
  }
}

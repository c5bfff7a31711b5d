import { join } from "node:path";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import { BUNDLES } from "./bundle-file.js";
import { type Disk, failed, isErrno } from "./disk.js";
import { blobFolders } from "./list-blobs.js";
import { isAbandoned, isTempName } from "./temp-name.js";

/** Removes the abandoned temporary files in a local store's root, blob folders and folder of bundles; tells how many. */
export async function sweepTemps(disk: Disk, root: string, call: Call): Promise<number> {
  let removed = (await sweepFolder(disk, root)) + (await sweepRoot(disk, join(root, BUNDLES)));
  for await (const folder of blobFolders(disk, root)) {
    throwIfAborted(call);
    removed += await sweepFolder(disk, join(root, folder));
  }
  return removed;
}

/**
 * The same in the root of a store that is not used yet, where there is one: a run may have been killed while it wrote the
 * marker that makes it a used one.
 */
export async function sweepRoot(disk: Disk, root: string): Promise<number> {
  const isThere = await disk.stat(root).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isThere ? sweepFolder(disk, root) : 0;
}

/** Removes the abandoned temporary files in one folder; tells how many. */
export async function sweepFolder(disk: Disk, folder: string): Promise<number> {
  let removed = 0;
  const names = await disk.readdir(folder).catch(failed(folder, "list"));
  for (const name of names.filter(isTempName)) {
    const path = join(folder, name);
    try {
      if (!isAbandoned(name, (await disk.lstat(path)).mtimeMs)) continue;
      await disk.rm(path);
      removed++;
    } catch (error) {
      // Its writer has just finished with it.
      if (!isErrno(error, "ENOENT")) failed(path, "remove")(error);
    }
  }
  return removed;
}

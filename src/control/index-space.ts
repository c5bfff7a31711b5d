import { statfs } from "node:fs/promises";
import { PhotosyncError } from "../domain/errors.js";

/** LMDB tells a disk that filled up in the middle of a page as an error of the device (EIO), or dies by a signal. */
const LEAST_FREE_BYTES = 1024 * 1024;

/** Whether the disk of a folder is full, as far as it can be known: some network file systems count no blocks. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const free = await statfs(folder).catch(() => null);
  return free !== null && free.blocks > 0 && free.bavail * free.bsize < LEAST_FREE_BYTES;
}

/** `store.no-space` (user) for the index in a folder. */
export const noSpaceForIndex = (folder: string, cause?: unknown): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.no-space",
    message: `Could not write the index in ${folder}: the disk or the quota is full.`,
    next: ["Free some space on that disk, then run the same command again: it continues where it stopped."],
    ...(cause === undefined ? {} : { cause }),
  });

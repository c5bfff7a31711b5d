import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { fileError } from "../infra/durable-file.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";

/**
 * Writes, reads, lists and removes a small file in a store's folder, or in the one above where the first blob will make it. Throws as `fileError`
 * says, and `store.unreliable` (integrity).
 */
export async function tryFolder(root: string, call: Call): Promise<void> {
  throwIfAborted(call);
  const folder = (await stat(root).catch(() => null))?.isDirectory() === true ? root : dirname(root);
  const name = `.photosync-probe-${randomBytes(6).toString("hex")}`;
  const path = join(folder, name);
  const bytes = randomBytes(64);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const isListed = (await readdir(folder)).includes(name);
    if (!isListed || Buffer.compare(await readFile(path), bytes) !== 0) throw unlike(folder);
  } catch (error) {
    if (error instanceof PhotosyncError) throw error;
    throw fileError(error, path, "write");
  } finally {
    await rm(path, { force: true });
  }
}

const unlike = (folder: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `${folder} did not give back, or did not list, what had just been written to it.`,
    next: ["Do not rely on this disk."],
  });

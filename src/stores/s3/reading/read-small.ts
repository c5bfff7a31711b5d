import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import { listObjects } from "../objects/list-objects.js";
import type { S3Ground } from "../s3-parts.js";
import { readObject } from "./read-object.js";

const MOST_BYTES = 64 * 1024;

/** An object that is small by its nature, as it is, and no more than 64 KiB of it; null where there is none. */
export async function readSmall(ground: S3Ground, key: string, call: Call): Promise<Uint8Array | null> {
  const none = new Error("no such object");
  const chunks: Uint8Array[] = [];
  try {
    const range = [0, MOST_BYTES - 1] as const;
    for await (const chunk of readObject(ground.requests, key, range, async () => none, ground, call))
      chunks.push(chunk);
  } catch (error) {
    if (error === none) return null;
    // Of an object that is not there, keys that may not list hear that they may not read.
    if (error instanceof PhotosyncError && error.code === "store.no-permission")
      await listObjects(ground.requests, { prefix: key, pageSize: 1 }, call);
    throw error;
  }
  return Buffer.concat(chunks);
}

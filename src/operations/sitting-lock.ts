import { join } from "node:path";
import { acquireLock, type Lock } from "../control/process-lock.js";
import { PhotosyncError } from "../domain/errors.js";

/**
 * Takes the lock of the one sitting that a library may have at a time: who holds it writes the journal of decisions. Other commands
 * go on meanwhile. Throws `resolve.sitting-open` (busy) while another process holds it.
 */
export async function lockSitting(libraryRoot: string, command: string): Promise<Lock> {
  try {
    return await acquireLock(join(libraryRoot, ".photosync", "sitting"), command);
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind !== "busy") throw error;
    throw new PhotosyncError({
      kind: "busy",
      code: "resolve.sitting-open",
      message: "Somebody is deciding conflicts of this library in another terminal.",
      next: [
        "End that sitting (q), then run this command again; `photosync resolve` alone works meanwhile.",
        ...error.next.slice(1),
      ],
      data: error.data,
      cause: error,
    });
  }
}

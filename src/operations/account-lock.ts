import { join } from "node:path";
import { acquireLock, type Lock } from "../control/process-lock.js";
import { PhotosyncError } from "../domain/errors.js";
import type { Time } from "../infra/http/time.js";
import type { Call } from "../ports/call.js";

/** How long another process may take to refresh a token before waiting for it makes no sense. */
const LONGEST_WAIT_MS = 60_000;
const PAUSE_MS = 50;

/**
 * Runs tasks under an account's lock between processes, a folder beside the kept secrets, waiting for its turn. What a killed process
 * held is taken over. Throws `secrets.locked` (busy) after a minute, `cancelled`, and what the task throws.
 */
export function accountLock(folder: string, time: Time, call: Call) {
  return async <T>(account: string, task: () => Promise<T>): Promise<T> => {
    const lock = await acquired(join(folder, "locks", account), account, time, call);
    try {
      return await task();
    } finally {
      await lock.release();
    }
  };
}

async function acquired(folder: string, account: string, time: Time, call: Call): Promise<Lock> {
  const end = time.elapsedMs() + LONGEST_WAIT_MS;
  for (;;) {
    try {
      return await acquireLock(folder, `sign-in of ${account}`);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind !== "busy") throw error;
      if (time.elapsedMs() >= end) {
        throw new PhotosyncError({
          kind: "busy",
          code: "secrets.locked",
          message: `Another photosync run has been busy with the sign-in of ${account} for a minute.`,
          next: error.next,
          cause: error,
        });
      }
    }
    await time.sleep(PAUSE_MS, call);
  }
}

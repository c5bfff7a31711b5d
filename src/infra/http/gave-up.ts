import { PhotosyncError } from "../../domain/errors.js";
import { timestamp } from "./time.js";

/** True for an error of a service that fails all requests alike: its account's policy has waited for it on behalf of all. */
export const isServiceDown = (error: PhotosyncError): boolean => error.data["isDown"] === true;

/**
 * The last failure of a request that is repeated no more in this run, with the time to come back in `next` and `data.retryAt`.
 * `isDown` where the service fails all requests alike.
 */
export function gaveUp(
  last: PhotosyncError,
  attempts: number,
  comeBackAtMs: number,
  { isDown }: { readonly isDown: boolean },
): PhotosyncError {
  const at = timestamp(comeBackAtMs);
  return new PhotosyncError({
    kind: last.kind,
    code: last.code,
    message: attempts > 1 ? `${last.message} Tried ${attempts} times.` : last.message,
    next: [
      ...last.next.filter((advice) => !advice.startsWith("Run the same command again")),
      `Run the same command again after ${at}: it goes on where it stopped.`,
    ],
    data: { ...last.data, attempts, retryAt: at, ...(isDown ? { isDown } : {}) },
    ...(last.cause === undefined ? {} : { cause: last.cause }),
  });
}

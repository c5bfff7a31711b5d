import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import type { S3Parts } from "../s3-parts.js";
import { readObject } from "./read-object.js";

/** What is thrown for an object that is not there, and for one that is not as it was sealed. */
export interface ReadErrors {
  absent(): Promise<Error>;
  damaged(cause: unknown): Error;
}

/** The bytes that an object stands for, or those of `range`, cut off at its end. Throws as `readObject` does. */
export function readOpened(
  parts: S3Parts,
  key: string,
  range: readonly [number, number] | null,
  errors: ReadErrors,
  call: Call,
): AsyncIterable<Uint8Array> {
  const options = { ...parts, version: {} };
  return parts.sealing.open(
    (first, last) =>
      readObject(
        parts.requests,
        key,
        first === 0 && last === null ? null : [first, last],
        errors.absent,
        options,
        call,
      ),
    range,
    (cause) => errors.damaged(cause),
  );
}

/** `blob.damaged` (integrity): what lies in the store is not what was sealed under that name. */
export const damaged = (store: string, name: string, cause: unknown): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "blob.damaged",
    message: `What store ${store} has of ${name} is not what was encrypted: it was changed, or cut off, or is sealed to another key.`,
    next: ["Run: photosync verify --deep --repair"],
    data: { store, key: name },
    cause,
  });

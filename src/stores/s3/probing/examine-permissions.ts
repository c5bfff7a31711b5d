import { randomBytes } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import { sha256Of } from "../../../infra/hash.js";
import type { Call } from "../../../ports/call.js";
import { listObjects } from "../objects/list-objects.js";
import { abortUpload, beginUpload, begunUploads, sendPart, sentParts } from "../objects/multipart-objects.js";
import { openObject, putObject, removeObject } from "../objects/s3-objects.js";
import type { S3Ground } from "../s3-parts.js";
import { readableKeeping } from "../settings/s3-keeping.js";

/** One action of S3's permissions, and whether the keys have it. */
export interface Permission {
  /** As policies name it: `s3:PutObject`. */
  readonly action: string;
  /** As people say it: `write objects`. */
  readonly deed: string;
  /** False for what photosync can do without. */
  readonly isNeeded: boolean;
  /** Null where the server knows no such request, or nothing was there to try it on. */
  readonly isGranted: boolean | null;
  /** What the server said; null where it refused nothing. */
  readonly said: string | null;
}

/** The action that a refusal names, where it is not the one that was tried: `kms:GenerateDataKey`. */
const otherAction = (said: string): string | null => /\bkms:[A-Za-z]+/.exec(said)?.[0] ?? null;

/**
 * Tries every action that a store needs on objects of its own, which are removed again, and goes on where one is refused. Throws all other
 * failures: wrong keys, no bucket, no network.
 */
export async function examinePermissions(parts: S3Ground, call: Call): Promise<readonly Permission[]> {
  const { requests, layout } = parts;
  const keeping = readableKeeping(parts.keeping);
  const key = `${requests.place.prefix}${layout.probes}${randomBytes(8).toString("hex")}`;
  const bytes = new Uint8Array(randomBytes(64));
  const hash = sha256Of(bytes);
  const found: Permission[] = [];

  async function attempt<T>(
    action: string,
    deed: string,
    task: () => Promise<T>,
    { isNeeded = true, isCertain = true } = {},
  ): Promise<T | null> {
    try {
      const done = await task();
      found.push({ action, deed, isNeeded, isGranted: true, said: null });
      return done;
    } catch (error) {
      if (!(error instanceof PhotosyncError)) throw error;
      const isRefused = error.code === "store.no-permission";
      if (!isRefused && !isUnknownToIt(error)) throw error;
      const isGranted = isRefused && isCertain ? false : null;
      found.push({
        action: otherAction(error.message) ?? action,
        deed,
        isNeeded,
        isGranted,
        said: error.message,
      });
      return null;
    }
  }

  const listed = await attempt("s3:ListBucket", "list objects", () =>
    listObjects(requests, { prefix: key, pageSize: 1 }, call),
  );
  const written = await attempt("s3:PutObject", "write objects", () =>
    putObject(requests, key, { bytes, hash, withChecksum: false, ifAbsent: false }, keeping, call),
  );
  await attempt(
    "s3:GetObject",
    "read objects",
    async () => {
      const opened = await openObject(requests, key, { first: 0, last: null }, call);
      if (opened !== null && typeof opened === "object") opened.body.destroy();
    },
    // Of an object that is not there, keys that may not list hear that they may not read either.
    { isCertain: written !== null || listed !== null },
  );
  await attempt(
    "s3:ListBucketMultipartUploads",
    "list uploads that were broken off",
    () => begunUploads(requests, requests.place.prefix, call).next(),
    { isNeeded: false },
  );
  let of = { key, uploadId: "none" };
  if (written !== null)
    await attempt("s3:PutObject", "write objects in parts", async () => {
      const { uploadId } = await beginUpload(requests, key, { keeping, withChecksum: false }, call);
      of = { key, uploadId };
      await sendPart(requests, of, { number: 1, bytes, hash, withChecksum: false }, call);
    });
  await attempt("s3:ListMultipartUploadParts", "list the parts of an upload", () =>
    sentParts(requests, of, call),
  );
  await attempt("s3:AbortMultipartUpload", "give up uploads in parts", () => abortUpload(requests, of, call));
  await attempt("s3:DeleteObject", "remove objects", () => removeObject(requests, key, call));
  return found;
}

const isUnknownToIt = ({ code, data }: PhotosyncError): boolean =>
  code === "store.refused" && (data["status"] === 501 || data["status"] === 400 || data["status"] === 405);

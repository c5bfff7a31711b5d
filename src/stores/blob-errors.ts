import { PhotosyncError } from "../domain/errors.js";
import { type BlobKey, hexOf } from "../domain/ids.js";
import type { BlobSource } from "../ports/blob-store.js";

/** `blob.wrong-bytes`: the source gave other bytes than its hash says, so they were not kept. */
export const wrongBytes = (blob: Pick<BlobSource, "key" | "hash" | "sizeBytes">): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "blob.wrong-bytes",
    message: `The bytes read for ${blob.key} are not those it was recorded with; they were not stored.`,
    next: ["Run photosync verify --deep to find a store that still has the right ones."],
    data: { key: blob.key, expected: hexOf(blob.hash), expected_bytes: blob.sizeBytes },
  });

/** `blob.not-found`: the store was asked, and has nothing under this key. */
export const blobNotFound = (store: string, key: BlobKey): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "blob.not-found",
    message: `The store "${store}" has no ${key}.`,
    next: ["Run photosync replicate --execute to copy it there again from another store."],
    data: { store, key },
  });

import { type BlobKey, type ContentHash, contentHash } from "../../domain/ids.js";

/**
 * False for a key of other bytes than the document says it is for, as a hand edit or a merge may leave it: nothing may be
 * put there, for it would take the place of another photo's bytes.
 */
export const namesItsBytes = (blob: { readonly key: BlobKey; readonly hash: ContentHash }): boolean =>
  hashNamedBy(blob.key) === blob.hash;

/** The hash in a key: after the 36 characters of a photo's id and a hyphen. */
export const hashNamedBy = (key: BlobKey): ContentHash => {
  const start = key.lastIndexOf("/") + 1 + 36 + 1;
  return contentHash(key.slice(start, start + 64));
};

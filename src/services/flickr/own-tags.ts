import type { ContentHash, PhotoId } from "../../domain/ids.js";
import { contentHash, hexOf, isPhotoId } from "../../domain/ids.js";
import type { UploadMark } from "../../ports/photo-service.js";

/**
 * Machine tags (`namespace:predicate=value`) by which photosync knows its uploads again. Flickr cleans values down to
 * lower-case letters and digits (flickr.com/services/api/misc.tags.html), so ids go out as bare hex digits.
 */
const ID_TAG = /^photosync:id=([0-9a-f]{32})$/i;
const SHA256_TAG = /^checksum:sha256=([0-9a-f]{64})$/i;
/** Ours, and the checksums that other uploaders have left since 2009: nobody's words about a picture. */
const BOOKKEEPING = /^(?:photosync:[a-z]\w*|checksum:(?:md5|sha1|sha256))=/i;

/** The tags that mark an upload. */
export const markTags = ({ photoId, hash }: UploadMark): readonly string[] => [
  `photosync:id=${photoId.replaceAll("-", "")}`,
  ...(hash === undefined ? [] : [`checksum:sha256=${hexOf(hash)}`]),
];

/** True for tags that keep programs' books; they are no part of what a photo is tagged with. */
export const isBookkeeping = (tag: string): boolean => BOOKKEEPING.test(tag.trim());

/** The mark among a photo's tags, if it bears one. */
export function markAmong(tags: readonly string[]): UploadMark | undefined {
  let photoId: PhotoId | undefined;
  let hash: ContentHash | undefined;
  for (const tag of tags) {
    const id = ID_TAG.exec(tag.trim())?.[1]?.toLowerCase();
    const dashed = id?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    if (dashed !== undefined && isPhotoId(dashed)) photoId ??= dashed;
    const hex = SHA256_TAG.exec(tag.trim())?.[1]?.toLowerCase();
    if (hex !== undefined) hash ??= contentHash(hex);
  }
  if (photoId === undefined) return undefined;
  return hash === undefined ? { photoId } : { photoId, hash };
}

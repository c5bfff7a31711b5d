import type { Brand } from "./brand.js";
import { type LocalDate, monthFolder } from "./taken-date.js";

/** `sha256:<64 lowercase hex digits>` of a file's exact bytes, never of a rendition. */
export type ContentHash = Brand<string, "ContentHash">;
/** UUIDv5 of the content hash of the first original seen; stable for the photo's life. */
export type PhotoId = Brand<string, "PhotoId">;
/** `2024/01/<photo_id>-<hex>.jpg`: fixed when first planned, recorded, never renamed when the date is corrected. */
export type BlobKey = Brand<string, "BlobKey">;

const CONTENT_HASH = /^sha256:[0-9a-f]{64}$/;
const PHOTO_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BLOB_KEY = /^(?:\d{4}\/\d{2}|undated)\/[0-9a-f-]{36}-[0-9a-f]{64}(?:\.[a-z0-9]{1,10})?$/;

/** The UUIDv5 namespace of photosync's photo ids. Changing it would rename every photo in every library. */
export const PHOTO_NAMESPACE = "3c8f7d0e-5b0a-4c58-9a41-7f1f5f0a2b61";

export const isContentHash = (text: string): text is ContentHash => CONTENT_HASH.test(text);
export const isPhotoId = (text: string): text is PhotoId => PHOTO_ID.test(text);
export const isBlobKey = (text: string): text is BlobKey => BLOB_KEY.test(text);

/** The content hash for 64 hex digits. Throws `RangeError` for anything else. */
export function contentHash(hex: string): ContentHash {
  const text = `sha256:${hex}`;
  if (!isContentHash(text)) throw new RangeError(`not a SHA-256 in hex: ${hex}`);
  return text;
}

/** The 64 hex digits of a content hash. */
export const hexOf = (hash: ContentHash): string => hash.slice("sha256:".length);

/**
 * RFC 9562 UUID version 5 of `name` in photosync's namespace.
 * `sha1` maps bytes to their 20-byte SHA-1, given in because the domain does no hashing of its own.
 */
export function uuidV5(name: string, sha1: (bytes: Uint8Array) => Uint8Array): PhotoId {
  const namespace = Uint8Array.from(PHOTO_NAMESPACE.replaceAll("-", "").match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
  const encoded = new TextEncoder().encode(name);
  const input = new Uint8Array(namespace.length + encoded.length);
  input.set(namespace);
  input.set(encoded, namespace.length);
  const digest = sha1(input).slice(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  if (!isPhotoId(text)) throw new RangeError(`not a photo id: ${text}`);
  return text;
}

/** The key of a blob: its photo's month (or `undated`), the photo, the bytes' hash, the extension by content. */
export function blobKey(
  takenDate: LocalDate | null,
  photoId: PhotoId,
  hash: ContentHash,
  extension: string,
): BlobKey {
  const suffix = extension === "" ? "" : `.${extension}`;
  const text = `${monthFolder(takenDate)}/${photoId}-${hexOf(hash)}${suffix}`;
  if (!isBlobKey(text)) throw new RangeError(`not a blob key: ${text}`);
  return text;
}

/** Where a photo's document lies in the library: `photos/2024/01/<photo_id>.json`. */
export const documentPath = (takenDate: LocalDate | null, photoId: PhotoId): string =>
  `photos/${monthFolder(takenDate)}/${photoId}.json`;

/** What a document's file is called without `.json`: its photo's id, where it is called as it should be. */
export const documentName = (path: string): string => path.slice(path.lastIndexOf("/") + 1, -".json".length);

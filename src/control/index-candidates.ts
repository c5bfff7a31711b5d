import { createHash } from "node:crypto";
import { CROWD, candidateKeys } from "../domain/identity/keys.js";
import { ownMark } from "../domain/identity/known-picture.js";
import type { PhotoId } from "../domain/ids.js";
import { startingWith } from "./index-keys.js";
import type { LocalIndex } from "./local-index.js";
import { type StoredPicture, unpackPicture } from "./picture-codec.js";

const KEY_BYTES = 6;
const ID_BYTES = 16;
const NOTHING = new Uint8Array(0);

/** A few bytes of a candidate key: pictures under two keys that collide are compared in vain, and nothing worse. */
const keyBytes = (key: string): Buffer =>
  createHash("sha256").update(key, "utf8").digest().subarray(0, KEY_BYTES);

const idBytes = (photoId: PhotoId): Buffer => Buffer.from(photoId.replaceAll("-", ""), "hex");

/** The photo id of 32 hex digits, as marks and candidates hold it. */
export const idOfDigits = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/** A photo's picture as the index keeps it, of its first document; null where its original is none. */
export function storedPicture(index: LocalIndex, photoId: string): StoredPicture | null {
  for (const { value } of index.pictures.getRange({ ...startingWith(photoId), limit: 1 })) return value;
  return null;
}

/** A photo's own mark is no key of its own: who bears another photo's mark finds it by that photo's id. */
function entriesOf(index: LocalIndex, photoId: PhotoId): readonly Buffer[] {
  const stored = storedPicture(index, photoId);
  if (stored === null) return [];
  const own = `mark:${ownMark(photoId)}`;
  const id = idBytes(photoId);
  return [...new Set(candidateKeys(unpackPicture(stored).original))]
    .filter((key) => key !== own)
    .map((key) => Buffer.concat([keyBytes(key), id]));
}

/** Takes out the keys under which a photo is found, before its documents change. */
export function withdrawCandidate(index: LocalIndex, photoId: PhotoId): void {
  for (const entry of entriesOf(index, photoId)) index.candidates.removeSync(entry);
}

/** Puts in the keys under which a photo is found, once its documents are in the index. */
export function putCandidate(index: LocalIndex, photoId: PhotoId): void {
  for (const entry of entriesOf(index, photoId)) index.candidates.putSync(entry, NOTHING);
}

/** The ids of the photos that are found under a candidate key; none where they are a crowd. */
export function photosUnder(index: LocalIndex, key: string): readonly string[] {
  const start = keyBytes(key);
  const end = Buffer.concat([start, Buffer.alloc(ID_BYTES + 1, 0xff)]);
  // Where every key is a crowd, as among photos a minute apart, what is found is mostly counted and nothing else.
  if (index.candidates.getKeysCount({ start, end, limit: CROWD + 1 }) > CROWD) return [];
  return Array.from(index.candidates.getKeys({ start, end }), (entry) =>
    idOfDigits(Buffer.from(entry.subarray(KEY_BYTES)).toString("hex")),
  );
}

import { createHash } from "node:crypto";
import type { Appearance } from "../domain/identity/appearance.js";
import { CROWD, candidateKeys } from "../domain/identity/keys.js";
import { type KnownPicture, ownMark } from "../domain/identity/known-picture.js";
import { isPhotoId, type PhotoId } from "../domain/ids.js";
import type { IdentityIndex } from "../ports/identity-index.js";
import { startingWith } from "./index-keys.js";
import type { LocalIndex } from "./local-index.js";
import { packLook, unpackLook } from "./look-codec.js";

type StoredAppearance = readonly [
  id: string,
  filename: string,
  takenDate: string | null,
  camera: readonly (string | null)[],
  size: readonly (number | null)[],
  bytes: number,
  isOriginal: boolean,
  sources: readonly string[],
  marks: readonly string[],
];

/** A picture as the index keeps it, by position as rows are; what most have none of is left away at the end. */
export type StoredPicture = readonly [
  PhotoId,
  original: StoredAppearance,
  joined?: readonly StoredAppearance[],
  apart?: readonly string[],
];

function packAppearance(appearance: Appearance, without?: string): StoredAppearance {
  const { camera, width = null, height = null, takenDate = null } = appearance;
  return [
    appearance.id,
    appearance.filename ?? "",
    takenDate,
    camera === undefined ? [] : [camera.make ?? null, camera.model ?? null, camera.lens ?? null],
    width === null && height === null ? [] : [width, height],
    appearance.bytes ?? 0,
    appearance.isOriginal === true,
    appearance.sources,
    appearance.marks.filter((mark) => mark !== without),
  ];
}

function unpackAppearance(stored: StoredAppearance, further: readonly string[] = []): Appearance {
  const [id, filename, takenDate, [make, model, lens], [width, height], bytes, isOriginal, sources, marks] =
    stored;
  const hasCamera = stored[3].length > 0;
  return {
    id,
    kind: "image",
    filename,
    ...(takenDate !== null && { takenDate }),
    ...(hasCamera && { camera: { ...(make && { make }), ...(model && { model }), ...(lens && { lens }) } }),
    ...(typeof width === "number" && { width }),
    ...(typeof height === "number" && { height }),
    bytes,
    ...(isOriginal && { isOriginal }),
    sources,
    marks: [...further, ...marks],
  };
}

/** What `unpackPicture` makes the same picture of; a photo's own mark, its first, follows from its id. */
export function packPicture({ photoId, original, joined, apart }: KnownPicture): StoredPicture {
  const first = packAppearance(original, ownMark(photoId));
  if (joined.length === 0 && apart.length === 0) return [photoId, first];
  return [photoId, first, joined.map((one) => packAppearance(one)), apart];
}

/** The picture that was packed. */
export const unpackPicture = ([photoId, first, joined = [], apart = []]: StoredPicture): KnownPicture => ({
  photoId,
  original: unpackAppearance(first, [ownMark(photoId)]),
  joined: joined.map((one) => unpackAppearance(one)),
  apart,
});

const KEY_BYTES = 6;
const ID_BYTES = 16;

/** A few bytes of a candidate key: pictures under two keys that collide are compared in vain, and nothing worse. */
const keyBytes = (key: string): Buffer =>
  createHash("sha256").update(key, "utf8").digest().subarray(0, KEY_BYTES);

const idBytes = (photoId: PhotoId): Buffer => Buffer.from(photoId.replaceAll("-", ""), "hex");

const idText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

const storedOf = (index: LocalIndex, photoId: string): StoredPicture | null => {
  for (const { value } of index.pictures.getRange({ ...startingWith(photoId), limit: 1 })) return value;
  return null;
};

/** A photo's own mark is no key of its own: who bears another photo's mark finds it by that photo's id. */
function entriesOf(picture: KnownPicture): readonly Buffer[] {
  const own = `mark:${ownMark(picture.photoId)}`;
  const id = idBytes(picture.photoId);
  return [...new Set(candidateKeys(picture.original))]
    .filter((key) => key !== own)
    .map((key) => Buffer.concat([keyBytes(key), id]));
}

/** Takes out the keys under which a photo is found, before its documents change. */
export function withdrawCandidate(index: LocalIndex, photoId: PhotoId): void {
  const stored = storedOf(index, photoId);
  if (stored === null) return;
  for (const entry of entriesOf(unpackPicture(stored))) index.candidates.removeSync(entry);
}

/** Puts in the keys under which a photo is found, once its documents are in the index. */
export function putCandidate(index: LocalIndex, photoId: PhotoId): void {
  const stored = storedOf(index, photoId);
  if (stored === null) return;
  for (const entry of entriesOf(unpackPicture(stored))) index.candidates.putSync(entry, NOTHING);
}

const NOTHING = new Uint8Array(0);
const MARK = /^photosync:([0-9a-f]{32})$/;

/** What the index tells of pictures; `pictures` and `candidates` are kept by its refresh. */
export function identityIndex(index: LocalIndex): IdentityIndex {
  const picture = (photoId: PhotoId): KnownPicture | null => {
    const stored = storedOf(index, photoId);
    return stored === null ? null : unpackPicture(stored);
  };
  const holders = (key: string): readonly string[] => {
    const start = keyBytes(key);
    const end = Buffer.concat([start, Buffer.alloc(ID_BYTES + 1, 0xff)]);
    const found = index.candidates.getKeys({ start, end, limit: CROWD + 1 });
    const ids = Array.from(found, (entry) => idText(entry.subarray(KEY_BYTES)));
    return ids.length > CROWD ? [] : ids;
  };
  return {
    picture,
    sharing(of) {
      const found = new Set(candidateKeys(of.original).flatMap(holders));
      for (const mark of of.original.marks) {
        const hex = MARK.exec(mark)?.[1];
        const id = hex === undefined ? null : idText(Buffer.from(hex, "hex"));
        if (id !== null && storedOf(index, id) !== null) found.add(id);
      }
      found.delete(of.photoId);
      return [...found].filter(isPhotoId).sort();
    },
    look(hash) {
      const packed = index.looks.get(hash);
      return packed === undefined ? undefined : unpackLook(packed);
    },
    keepLook: (hash, sketch) => index.looks.putSync(hash, packLook(sketch)),
  };
}

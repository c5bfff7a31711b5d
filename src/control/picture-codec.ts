import type { Appearance } from "../domain/identity/appearance.js";
import { type KnownPicture, ownMark } from "../domain/identity/known-picture.js";
import type { PhotoId } from "../domain/ids.js";

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

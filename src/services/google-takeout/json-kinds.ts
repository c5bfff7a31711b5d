import type { Json } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import { isAlbumFileName } from "./localized-names.js";
import { serviceIdOf } from "./service-id.js";
import { takenSeconds } from "./taken-time.js";

export interface ToldOfPhoto {
  readonly title?: string;
  readonly serviceId?: string;
  /** When it was taken, in seconds since 1970 in UTC. */
  readonly takenSeconds?: number;
}

/** What a JSON file of the Photos folder is, with the little that pairing needs of it. */
export type JsonKind =
  | { readonly kind: "photo"; readonly told: ToldOfPhoto }
  | { readonly kind: "album"; readonly told: { readonly title?: string } }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "unknown" };

/** Files beside the albums that say nothing of any one photo in the export, by their stem. */
const KNOWN_EXTRAS: Readonly<Record<string, string>> = {
  "print-subscriptions": "print subscriptions",
  shared_album_comments: "comments on shared albums",
  "user-generated-memory-titles": "titles of memories",
};

/** Keys that albums never have; a sidecar without `photoTakenTime` is still told by them. */
const SIDECAR_KEYS = [
  "imageViews",
  "creationTime",
  "geoDataExif",
  "googlePhotosOrigin",
  "photoLastModifiedTime",
];
const ALBUM_KEYS = [
  "access",
  "date",
  "enrichments",
  "sharedAlbumComments",
  "location",
  "geoData",
  "description",
];

/**
 * Tells a photo's sidecar, an album's file and the rest apart, by content: file names are localized and cut. The
 * name only serves where the content is silent (`{}` is an untitled album's file, and extras have no fixed form).
 */
export function classifyJson(value: Json, fileName: string): JsonKind {
  if (!isJsonRecord(value)) return extra(fileName) ?? { kind: "unknown" };
  if (isPhotoSidecar(value)) {
    const title = textAt(value, "title");
    const serviceId = serviceIdOf(value);
    const seconds = takenSeconds(value);
    const told = {
      ...(title === undefined ? {} : { title }),
      ...(serviceId === undefined ? {} : { serviceId }),
      ...(seconds === null ? {} : { takenSeconds: seconds }),
    };
    return { kind: "photo", told };
  }
  if ("externalOrderId" in value) return { kind: "ignored", reason: "print order" };
  const known = extra(fileName);
  if (known !== null) return known;
  const album = albumPart(value, fileName);
  if (album === null) return { kind: "unknown" };
  const title = textAt(album, "title");
  return { kind: "album", told: title === undefined ? {} : { title } };
}

function isPhotoSidecar(value: JsonRecord): boolean {
  return "photoTakenTime" in value || ("title" in value && SIDECAR_KEYS.some((key) => key in value));
}

/** Exports before about 2021 wrapped an album in `albumData`; newer ones may hold `{"title": …}` alone, or `{}`. */
function albumPart(value: JsonRecord, fileName: string): JsonRecord | null {
  const wrapped = value["albumData"];
  if (isJsonRecord(wrapped)) return wrapped;
  const looksLikeAlbum =
    "title" in value ||
    (isAlbumFileName(fileName) && Object.keys(value).every((key) => ALBUM_KEYS.includes(key)));
  return looksLikeAlbum ? value : null;
}

function extra(fileName: string): JsonKind | null {
  const stem = fileName.replace(/(?:\(\d+\))?\.json$/i, "");
  const what = Object.hasOwn(KNOWN_EXTRAS, stem) ? KNOWN_EXTRAS[stem] : undefined;
  return what === undefined ? null : { kind: "ignored", reason: what };
}

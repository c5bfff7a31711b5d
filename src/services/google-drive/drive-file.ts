import type { Facts, Json, Place } from "../../domain/photo.js";
import type { SeenVisibility } from "../../domain/visibility.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import { readDateText } from "../../infra/media/date-text.js";
import { typeOfName } from "../../infra/media/media-type.js";
import type { ServiceInstance } from "../../ports/photo-service.js";

/** What is asked of a file (https://developers.google.com/workspace/drive/api/reference/rest/v3/files): nothing comes that is not named. */
export const FILE_FIELDS =
  "id,name,mimeType,description,size,md5Checksum,sha1Checksum,sha256Checksum,createdTime,modifiedTime,headRevisionId,version,parents," +
  "trashed,shared,ownedByMe,permissions(type,role),capabilities(canDownload),imageMediaMetadata,videoMediaMetadata,webViewLink";

export const FOLDER_TYPE = "application/vnd.google-apps.folder";
export const SHORTCUT_TYPE = "application/vnd.google-apps.shortcut";
/** What files have whose type Drive did not tell; the name has to. */
export const UNTYPED = "application/octet-stream";

/** A file or folder of Drive, validated. */
export interface DriveFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly parents: readonly string[];
  readonly isTrashed: boolean;
  readonly words: JsonRecord;
}

/** Null without id and type. */
export function readDriveFile(value: Json | undefined): DriveFile | null {
  if (!isJsonRecord(value)) return null;
  const id = textAt(value, "id");
  const mimeType = textAt(value, "mimeType");
  if (id === undefined || mimeType === undefined) return null;
  const parents = Array.isArray(value["parents"]) ? value["parents"] : [];
  return {
    id,
    name: textAt(value, "name") ?? id,
    mimeType,
    parents: parents.filter((parent): parent is string => typeof parent === "string"),
    isTrashed: value["trashed"] === true,
    words: value,
  };
}

/** `image` or `video`, by the type or else by the name; null for everything else, Google's own documents included. */
export function mediaKindOf({ mimeType, name }: DriveFile): "image" | "video" | null {
  if (mimeType.startsWith("image/")) return "image";
  if (mimeType.startsWith("video/")) return "video";
  const type = mimeType === UNTYPED ? typeOfName(name) : null;
  if (type === null) return null;
  return type.kind === "video" ? "video" : "image";
}

/**
 * Who sees a file. A link that anybody, or everybody of an organization, may follow counts as public. Another owner's file, and
 * one that is shared without saying with whom, cannot be told.
 */
export function visibilityOf(words: JsonRecord): SeenVisibility {
  if (words["ownedByMe"] !== true) return "unknown";
  if (words["shared"] === false) return "private";
  const permissions = words["permissions"];
  if (!Array.isArray(permissions) || permissions.length === 0) return "unknown";
  const types = permissions.map((one) => (isJsonRecord(one) ? one["type"] : null));
  if (types.some((type) => type === "anyone" || type === "domain")) return "public";
  return types.every((type) => type === "user" || type === "group") ? "friends" : "unknown";
}

const numberAt = (record: JsonRecord, key: string, most: number): number | undefined => {
  const value = record[key];
  return typeof value === "number" && Math.abs(value) <= most ? value : undefined;
};

function placeIn(image: JsonRecord): Place | undefined {
  const location = image["location"];
  if (!isJsonRecord(location)) return undefined;
  const lat = numberAt(location, "latitude", 90);
  const lng = numberAt(location, "longitude", 180);
  if (lat === undefined || lng === undefined || (lat === 0 && lng === 0)) return undefined;
  const altitude = numberAt(location, "altitude", 1e6);
  return { lat, lng, ...(altitude === undefined ? {} : { altitude }) };
}

function factsOf({ name, words }: DriveFile): Facts {
  const image = isJsonRecord(words["imageMediaMetadata"]) ? words["imageMediaMetadata"] : {};
  const taken = readDateText(textAt(image, "time") ?? "");
  const make = textAt(image, "cameraMake");
  const model = textAt(image, "cameraModel");
  const caption = textAt(words, "description");
  const location = placeIn(image);
  return {
    filename: name,
    ...(taken === null
      ? {}
      : { taken_date: taken.date, taken_date_from: "Google Drive: imageMediaMetadata.time" }),
    ...(caption === undefined ? {} : { caption }),
    ...(location === undefined ? {} : { location }),
    ...(make === undefined && model === undefined
      ? {}
      : { camera_info: { ...(make && { make }), ...(model && { model }) } }),
    ...(words["ownedByMe"] === false ? { ownership: "other" } : {}),
  };
}

const hexAt = (record: JsonRecord, key: string): string | undefined => {
  const value = textAt(record, key)?.toLowerCase();
  return value !== undefined && /^[0-9a-f]+$/.test(value) ? value : undefined;
};

/** A picture or video of Drive as an instance: the bytes there are the original, and their checksums are known without them. */
export function driveInstance(file: DriveFile, mediaKind: "image" | "video"): ServiceInstance {
  const { id, name, words } = file;
  const { webViewLink: _, ...raw } = words;
  const sha256 = hexAt(words, "sha256Checksum");
  const sha1 = hexAt(words, "sha1Checksum");
  const md5 = hexAt(words, "md5Checksum");
  const size = textAt(words, "size");
  const sizeBytes = /^\d{1,15}$/.test(size ?? "") ? Number(size) : undefined;
  const revision = textAt(words, "headRevisionId") ?? textAt(words, "modifiedTime") ?? "";
  const url = textAt(words, "webViewLink");
  const arrived = textAt(words, "createdTime");
  const capabilities = isJsonRecord(words["capabilities"]) ? words["capabilities"] : {};
  return {
    id,
    version: textAt(words, "version") ?? `${revision} ${textAt(words, "modifiedTime") ?? ""}`,
    bytesStamp: `${sizeBytes ?? ""} ${sha256 ?? md5 ?? revision}`,
    ...(url?.startsWith("https://") === true ? { url } : {}),
    filename: name,
    mediaKind,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    visibility: visibilityOf(words),
    record: { id, facts: factsOf(file), raw },
    ...(arrived !== undefined && { arrivedAt: arrived.replace(/\.\d+Z$/, "Z") }),
    obtainable: capabilities["canDownload"] === false ? "nothing" : "original",
    checksums: { ...(sha256 && { sha256 }), ...(sha1 && { sha1 }), ...(md5 && { md5 }) },
  };
}

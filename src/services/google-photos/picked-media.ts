import { createHash } from "node:crypto";
import type { Facts, Json } from "../../domain/photo.js";
import { parseTakenDate } from "../../domain/taken-date.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import type { ServiceInstance } from "../../ports/photo-service.js";

/** A PickedMediaItem, validated. */
export interface PickedMedia {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  /** Gives out the bytes for an hour, with the token; never kept. */
  readonly baseUrl: string;
  /** Null for a photo, motion photos included. */
  readonly videoStatus: string | null;
  readonly createTime: string | undefined;
  /** Its own words, without the address of the bytes. */
  readonly words: JsonRecord;
}

const recordAt = (record: JsonRecord, key: string): JsonRecord => {
  const value = record[key];
  return isJsonRecord(value) ? value : {};
};

/** Reads a PickedMediaItem (https://developers.google.com/photos/picker/reference/rest/v1/mediaItems). Null without id, type or address. */
export function readPickedMedia(value: Json): PickedMedia | null {
  if (!isJsonRecord(value)) return null;
  const { baseUrl, ...file } = recordAt(value, "mediaFile");
  const id = textAt(value, "id");
  const mimeType = textAt(file, "mimeType");
  if (id === undefined || mimeType === undefined || typeof baseUrl !== "string") return null;
  const video = recordAt(recordAt(file, "mediaFileMetadata"), "videoMetadata");
  const isVideo = value["type"] === "VIDEO" || mimeType.startsWith("video/");
  return {
    id,
    filename: textAt(file, "filename") ?? id,
    mimeType,
    baseUrl,
    videoStatus: isVideo ? (textAt(video, "processingStatus") ?? "UNSPECIFIED") : null,
    createTime: textAt(value, "createTime"),
    words: { ...value, mediaFile: file },
  };
}

const digest = (value: Json): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);

function factsOf({ filename, createTime, words }: PickedMedia): Facts {
  const metadata = recordAt(recordAt(words, "mediaFile"), "mediaFileMetadata");
  const make = textAt(metadata, "cameraMake");
  const model = textAt(metadata, "cameraModel");
  const taken = createTime?.replace(/\.0+Z$/, "Z");
  const isDate = taken !== undefined && parseTakenDate(taken) !== null;
  return {
    filename,
    ...(isDate ? { taken_date: taken, taken_date_from: "Google Photos Picker: createTime" } : {}),
    ...(make === undefined && model === undefined
      ? {}
      : { camera_info: { ...(make && { make }), ...(model && { model }) } }),
  };
}

/** A picked photo as an instance. The Picker tells no description, album, place or person, and nobody can ask who sees it. */
export function pickedInstance(media: PickedMedia): ServiceInstance {
  const { id, filename, words, videoStatus } = media;
  const metadata = recordAt(recordAt(words, "mediaFile"), "mediaFileMetadata");
  return {
    id,
    version: digest(words),
    bytesStamp: digest([metadata["width"] ?? null, metadata["height"] ?? null, videoStatus]),
    filename,
    mediaKind: videoStatus === null ? "image" : "video",
    visibility: "unknown",
    record: { id, facts: factsOf(media), raw: words },
    obtainable: videoStatus === null || videoStatus === "READY" ? "high" : "nothing",
  };
}

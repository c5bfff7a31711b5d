import { createHash } from "node:crypto";
import type { Facts, Json } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import type { ServiceInstance } from "../../ports/photo-service.js";

/** A MediaItem of the Library API, validated. */
export interface LibraryMedia {
  readonly id: string;
  readonly filename: string;
  readonly description: string;
  readonly mimeType: string;
  readonly productUrl: string | undefined;
  /** Gives out the bytes for an hour; never kept. */
  readonly baseUrl: string | undefined;
  /** Null for a photo. */
  readonly videoStatus: string | null;
  /** Its own words, without the address of the bytes. */
  readonly words: JsonRecord;
}

const recordAt = (record: JsonRecord, key: string): JsonRecord => {
  const value = record[key];
  return isJsonRecord(value) ? value : {};
};

/**
 * Reads a MediaItem (https://developers.google.com/photos/library/reference/rest/v1/mediaItems). Absent texts are empty ones, as
 * proto3 leaves them out. Null without id or type.
 */
export function readLibraryMedia(value: Json | undefined): LibraryMedia | null {
  if (!isJsonRecord(value)) return null;
  const { baseUrl, ...words } = value;
  const id = textAt(value, "id");
  const mimeType = textAt(value, "mimeType");
  if (id === undefined || mimeType === undefined) return null;
  const metadata = recordAt(value, "mediaMetadata");
  const isVideo = isJsonRecord(metadata["video"]) || mimeType.startsWith("video/");
  const description = value["description"];
  return {
    id,
    filename: textAt(value, "filename") ?? id,
    description: typeof description === "string" ? description : "",
    mimeType,
    productUrl: textAt(value, "productUrl"),
    baseUrl: typeof baseUrl === "string" ? baseUrl : undefined,
    videoStatus: isVideo ? (textAt(recordAt(metadata, "video"), "status") ?? "UNSPECIFIED") : null,
    words,
  };
}

const digest = (value: Json): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);

function camera(words: JsonRecord): Pick<Facts, "camera_info"> {
  const metadata = recordAt(words, "mediaMetadata");
  const kind = { ...recordAt(metadata, "photo"), ...recordAt(metadata, "video") };
  const make = textAt(kind, "cameraMake");
  const model = textAt(kind, "cameraModel");
  if (make === undefined && model === undefined) return {};
  return { camera_info: { ...(make && { make }), ...(model && { model }) } };
}

/**
 * A MediaItem as an instance. `creationTime` stays in `raw` alone: where a file tells no date Google puts the time of the upload
 * there, and nothing tells the one from the other; what photosync uploaded has its date in the original. Nobody can ask who
 * sees it. There is no version at Google, so it is made from what can change.
 */
export function libraryInstance(media: LibraryMedia, albums: readonly string[] = []): ServiceInstance {
  const { id, filename, description, words, videoStatus } = media;
  const { productUrl: _, ...changing } = words;
  const size = recordAt(words, "mediaMetadata");
  const facts: Facts = {
    filename,
    ...(description.trim() === "" ? {} : { caption: description }),
    ...camera(words),
    ...(albums.length === 0 ? {} : { albums }),
  };
  const isPage = media.productUrl?.startsWith("https://photos.google.com/") === true;
  return {
    id,
    version: digest([changing, [...albums]]),
    bytesStamp: digest([size["width"] ?? null, size["height"] ?? null, videoStatus]),
    ...(isPage && media.productUrl !== undefined ? { url: media.productUrl } : {}),
    filename,
    mediaKind: videoStatus === null ? "image" : "video",
    visibility: "unknown",
    record: { id, facts, raw: words },
    obtainable: videoStatus === null || videoStatus === "READY" ? "high" : "nothing",
  };
}

import { FIELD_RULES, METADATA_FIELDS } from "../domain/fields.js";
import { blobKey, isContentHash, isPhotoId } from "../domain/ids.js";
import { isRecord } from "../domain/is-record.js";
import { PHOTO_SCHEMA_VERSION } from "../domain/photo.js";

type Unchecked = Record<string, unknown>;
type Migration = (older: Unchecked) => Unchecked;

const MIME_BY_EXTENSION: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  heic: "image/heic",
  avif: "image/avif",
  tif: "image/tiff",
  tiff: "image/tiff",
  mp4: "video/mp4",
  mov: "video/quicktime",
};

/** A conflict of version 0 names its field in words alone; resolving works its values out from the sources again. */
function conflictFromVersion0(conflict: unknown): unknown {
  if (!isRecord(conflict)) return conflict;
  const description = typeof conflict["description"] === "string" ? conflict["description"] : "";
  const named = METADATA_FIELDS.find((field) => description.includes(FIELD_RULES[field].plural));
  const field = conflict["type"] === "visibility_mismatch" ? "visibility" : (named ?? "");
  return { field, values: {}, ...conflict };
}

/** Version 0 is the first design's document: no version, no media, blobs known by the path of truth alone. */
function fromVersion0(older: Unchecked): Unchecked {
  const metadata = isRecord(older["metadata"]) ? older["metadata"] : {};
  const filename = typeof metadata["filename"] === "string" ? metadata["filename"] : "";
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(filename)?.[1]?.toLowerCase() ?? "";
  const takenDate = typeof metadata["taken_date"] === "string" ? metadata["taken_date"] : null;
  const textOf = (key: string) => (typeof older[key] === "string" ? older[key] : "");
  const [photoId, hash] = [textOf("photo_id"), textOf("content_hash")];
  const instances = isRecord(older["instances"]) ? older["instances"] : {};
  return {
    ...older,
    schema_version: 1,
    ...(isPhotoId(photoId) && isContentHash(hash)
      ? { blob_key: blobKey(takenDate, photoId, hash, extension) }
      : {}),
    media: { mime_type: MIME_BY_EXTENSION[extension] ?? "application/octet-stream", bytes: 0 },
    metadata: { tags: [], ...metadata, filename, taken_date: takenDate },
    instances: Object.fromEntries(
      Object.entries(instances).map(([service, instance]) => [
        service,
        isRecord(instance) ? { visibility: "unknown", ...instance } : instance,
      ]),
    ),
    ...(Array.isArray(older["conflicts"]) ? { conflicts: older["conflicts"].map(conflictFromVersion0) } : {}),
    replicas: {},
    sources: {},
  };
}

const MIGRATIONS: readonly Migration[] = [fromVersion0];

export type Migrated =
  | { readonly kind: "current"; readonly value: unknown }
  | { readonly kind: "newer"; readonly version: number };

/**
 * Brings a photo document of any earlier version to the present one, step by step, without checking it: the schema
 * does that afterwards. A document of a later version is left alone, so that an older photosync never rewrites it.
 */
export function migratePhoto(value: unknown): Migrated {
  if (!isRecord(value)) return { kind: "current", value };
  const version = value["schema_version"] ?? 0;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 0)
    return { kind: "current", value };
  if (version > PHOTO_SCHEMA_VERSION) return { kind: "newer", version };
  return {
    kind: "current",
    value: MIGRATIONS.slice(version).reduce((document, migrate) => migrate(document), value),
  };
}

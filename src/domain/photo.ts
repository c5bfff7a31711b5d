import type { BlobKey, ContentHash, PhotoId } from "./ids.js";
import type { LocalDate } from "./taken-date.js";
import type { SeenVisibility, Visibility } from "./visibility.js";

/** The version of the photo document that this code writes; older ones are migrated on reading. */
export const PHOTO_SCHEMA_VERSION = 1;

/** A JSON value as outside data gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Place {
  /** Degrees north, WGS 84. */
  readonly lat: number;
  /** Degrees east, WGS 84. */
  readonly lng: number;
  /** Metres above sea level. */
  readonly altitude?: number;
}

export interface Camera {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
}

/**
 * What one source says of a photo, in the document's own words. The same shape whether it was read from the
 * picture's bytes, a sidecar or a service, so that merging never needs to know where it came from.
 */
export interface Facts {
  readonly taken_date?: LocalDate;
  /** Where the date was read and how its zone was inferred: `EXIF:DateTimeOriginal, zone from EXIF:OffsetTimeOriginal`. */
  readonly taken_date_from?: string;
  readonly filename?: string;
  readonly title?: string;
  readonly caption?: string;
  readonly location?: Place;
  readonly camera_info?: Camera;
  readonly tags?: readonly string[];
  /** 0 to 5 stars, -1 rejected (XMP). */
  readonly rating?: number;
  readonly people?: readonly string[];
  readonly albums?: readonly string[];
  readonly favorite?: boolean;
  readonly archived?: boolean;
  readonly trashed?: boolean;
  /** `other`: somebody else's photo that the owner's account merely holds. */
  readonly ownership?: "other";
  /** What was odd in reading them; a bad field never loses a photo. */
  readonly warnings?: readonly string[];
}

/** One statement of a source: which instance or bytes it is about, what it means, and the very words. */
export interface SourceRecord {
  /** An instance's id, or the content hash for what the bytes say of themselves. */
  readonly id: string;
  readonly facts: Facts;
  /** The metadata exactly as the source gave it. */
  readonly raw: { readonly [key: string]: Json };
}

/** The pseudo-service in `sources` under which a file's own EXIF, IPTC, XMP and QuickTime values stand. */
export const ORIGINAL_SOURCE = "original";

/** Where bytes can be read: a file, or an entry of an archive. Relative paths are relative to the library. */
export interface Location {
  readonly path: string;
  readonly entry?: string;
}

export interface InstanceCopy {
  readonly id: string;
  readonly quality: "original" | "high" | "medium" | "unknown";
  /** RFC 3339 in UTC: when photosync last saw this copy new or changed. */
  readonly last_sync: string;
  readonly visibility: SeenVisibility;
  readonly url?: string;
  readonly locations?: readonly Location[];
  /** The service's own sign of which bytes these are: equal stamps of an equal id mean equal bytes. Compared, never read. */
  readonly bytes_stamp?: string;
  /** RFC 3339 in UTC: since when the service no longer has it, or has other bytes under its id. What was known of it stays. */
  readonly gone_since?: string;
}

/** A service's first copy of the photo, with any further ones beside it, never overwritten. */
export interface Instance extends InstanceCopy {
  readonly copies?: readonly InstanceCopy[];
}

export interface Replica {
  readonly key: BlobKey;
  /** RFC 3339 in UTC: when the store's bytes were proven equal to the content hash. */
  readonly verified_at: string;
}

export interface Media {
  readonly mime_type: string;
  readonly bytes: number;
  readonly width?: number;
  readonly height?: number;
  readonly duration_seconds?: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation?: number;
  readonly perceptual_hash?: string;
}

/** Why other bytes belong to the same photo. */
export const VARIANT_ROLES = ["edited", "raw", "camera-jpeg", "motion", "lower-quality", "other"] as const;
export type VariantRole = (typeof VARIANT_ROLES)[number];

/** Why other bytes were held to be the same picture. */
export interface Joined {
  readonly by: "rule" | "person";
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** The evidence in words, for and against, in a fixed order. */
  readonly reasons: readonly string[];
  /** What the photo document of these bytes held that a variant has no place for. */
  readonly was?: Pick<PhotoDocument, "canonical_source" | "source_of_truth_path" | "created_at">;
  /** The variants that were its own before, and go where it goes. */
  readonly with?: readonly ContentHash[];
  /** What its owner had decided on it before. */
  readonly settled?: readonly Resolution[];
}

export interface Variant {
  readonly content_hash: ContentHash;
  readonly role: VariantRole;
  readonly filename: string;
  /** Absent where a source itself shows that they belong together: a pair by name, a service's edited copy. */
  readonly joined?: Joined;
  readonly media: Media;
  readonly blob_key: BlobKey;
  /** Keyed by service. */
  readonly instances: Readonly<Record<string, Instance>>;
  /** Keyed by store. */
  readonly replicas: Readonly<Record<string, Replica>>;
}

export interface Metadata {
  readonly taken_date: LocalDate | null;
  readonly filename: string;
  readonly title?: string;
  readonly caption?: string;
  readonly location?: Place;
  readonly tags: readonly string[];
  readonly camera_info?: Camera;
  readonly rating?: number;
}

/** What a conflict is about, as documents spell it. */
export const CONFLICT_TYPES = [
  "metadata_mismatch",
  "visibility_mismatch",
  "edit_variant",
  "quality_variant",
  "rotation",
  "missing_original",
  "service_policy",
] as const;
export type ConflictType = (typeof CONFLICT_TYPES)[number];

export interface Conflict {
  readonly type: ConflictType;
  /** A field of the metadata, `visibility`, `original`, `service:NAME`, or `identity:HASH` for whether those bytes are the same picture. */
  readonly field: string;
  readonly description: string;
  readonly services: readonly string[];
  /** What each service in `services` holds; for `identity:HASH` the other picture, under its hash. */
  readonly values: Readonly<Record<string, Json>>;
  readonly resolution_required: boolean;
}

export interface Resolution {
  readonly field: string;
  readonly by: "rule" | "person";
  /** The rule's name, or what the person chose. */
  readonly rule: string;
  readonly value: Json;
  readonly resolved_at: string;
}

export interface Approval {
  readonly service: string;
  readonly visibility: Visibility;
  readonly approved_by: string;
  readonly approved_at: string;
  readonly reason: string;
}

export interface VisibilityDiscrepancy {
  readonly service: string;
  readonly current: SeenVisibility;
  readonly canonical: Visibility;
}

/** One photo, as `photos/2024/01/<photo_id>.json` holds it. */
export interface PhotoDocument {
  readonly schema_version: typeof PHOTO_SCHEMA_VERSION;
  readonly photo_id: PhotoId;
  readonly content_hash: ContentHash;
  /** `service:id` of the instance that the original came from. */
  readonly canonical_source: string;
  /** Where the original is to be had: a source path until it is stored, then `<store path>/<blob key>`. */
  readonly source_of_truth_path: string;
  readonly blob_key: BlobKey;
  readonly media: Media;
  readonly metadata: Metadata;
  readonly albums?: readonly string[];
  readonly people?: readonly string[];
  readonly favorite?: boolean;
  readonly archived?: boolean;
  readonly trashed?: boolean;
  readonly ownership?: "other";
  readonly visibility: {
    readonly canonical: Visibility;
    readonly per_service: Readonly<Record<string, SeenVisibility>>;
    readonly discrepancies: readonly VisibilityDiscrepancy[];
  };
  readonly processing_state: "discovered" | "resolved" | "replicated";
  readonly conflicts: readonly Conflict[];
  readonly resolutions?: readonly Resolution[];
  readonly approvals?: readonly Approval[];
  readonly variants?: readonly Variant[];
  readonly instances: Readonly<Record<string, Instance>>;
  readonly replicas: Readonly<Record<string, Replica>>;
  readonly sources: Readonly<Record<string, readonly SourceRecord[]>>;
  readonly created_at: string;
  readonly updated_at: string;
}

import type { Failure } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import type { Location, SourceRecord, VariantRole } from "../domain/photo.js";
import type { SeenVisibility } from "../domain/visibility.js";
import type { Call } from "./call.js";

/** One stream of bytes that a source holds: a file, or an entry of an archive. */
export interface SourceEntry {
  readonly kind: "entry";
  readonly location: Location;
  /** Path inside the source with `/`, in NFC, as people know it: `Photos from 2023/IMG_1.jpg`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Equal stamps at an equal location mean equal bytes; made from size, times, inode, CRC, whatever the source has. */
  readonly stamp: string;
  /** When the file last changed, RFC 3339 UTC, where the source knows; `--since` looks at it. */
  readonly modifiedAt?: string | undefined;
  /** True for entries that come by once, as in a tar: read one before asking for the next. */
  readonly streamed?: boolean;
  /** The bytes. Entries of a tar are streamed: read them before asking for the next entry, or not at all. */
  open(): AsyncIterable<Uint8Array>;
}

/** Something that could not be read while the rest goes on: a truncated part, an unreadable folder. */
export interface SourceProblem {
  readonly kind: "problem";
  readonly location: Location;
  readonly failure: Failure;
}

/** What looking at one entry's bytes told. Well under 1 KB: the full metadata is kept aside under the hash. */
export interface Examined {
  readonly location: Location;
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the whole stream; for `other`, of the part that had to be read to tell. */
  readonly hash: ContentHash;
  /** By content: `media` is a picture or video, `json` and `xmp` parse as such by name and look, `other` is anything else. */
  readonly kind: "media" | "json" | "xmp" | "other";
  readonly traits?: MediaTraits;
}

/** The little that grouping needs to know of a picture or video. */
export interface MediaTraits {
  readonly kind: "image" | "raw" | "video";
  readonly mimeType: string;
  /** Extension by content, without a dot: `jpg`. */
  readonly extension: string;
  readonly takenDate?: string;
  readonly durationSeconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly cameraModel?: string;
  /** Apple's content identifier, shared by the two halves of a live photo. */
  readonly contentIdentifier?: string;
}

export interface FoundFile {
  readonly hash: ContentHash;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Every place that holds these bytes in this source, first the one to read. */
  readonly locations: readonly Location[];
}

export interface FoundInstance {
  /** Stable across exports where the service tells an id, else the path inside the source. */
  readonly id: string;
  readonly url?: string;
  readonly quality: "original" | "high" | "medium" | "unknown";
  readonly visibility: SeenVisibility;
  readonly locations: readonly Location[];
  /** What the source says of it, albums and flags included; null where it says nothing beyond the bytes. */
  readonly record: SourceRecord | null;
  /** True where the source was looked at as it is now; an export tells of its own day, whenever it is read. */
  readonly isCurrent?: boolean;
  /** The service's own sign of which bytes these are: equal stamps of an equal id mean equal bytes. */
  readonly bytesStamp?: string;
  /** True where the service no longer has it, or has other bytes under its id: nothing else is taken from this. */
  readonly isGone?: boolean;
}

/** One photo as a source shows it. JSON-serializable: it waits on disk between looking and writing documents. */
export interface Finding {
  readonly kind: "photo";
  readonly service: string;
  readonly original: FoundFile;
  /** The instances on this service that hold the original's bytes; at least one. */
  readonly instances: readonly FoundInstance[];
  readonly variants: readonly {
    readonly role: VariantRole;
    readonly file: FoundFile;
    readonly instances: readonly FoundInstance[];
  }[];
}

/** What became of one byte stream; every stream of an archive has exactly one. */
export interface StreamAccount {
  readonly kind: "stream";
  readonly location: Location;
  readonly sizeBytes: number;
  readonly verdict: "photo" | "variant" | "sidecar" | "album" | "ignored" | "failed" | "unexplained";
  /** The photo it belongs to (by name), the reason it is ignored, or what is wrong with it. */
  readonly detail: string;
}

/** A remark for the person that is no failure: a missing archive part, two sidecars that both fit. */
export interface SourceNote {
  readonly kind: "note";
  readonly message: string;
}

/**
 * A place that photos are read from. Scanning only reads. `entries` lists every byte stream; the caller looks at
 * each (hash, type, metadata) and hands all of them to `group`, which tells which belong together.
 */
export interface PhotoSource {
  readonly service: string;
  /** True for an export: the run's report names each of its streams. */
  readonly isExport?: boolean;
  /** When a photo came to the service, RFC 3339 UTC, where the source tells; `--since` looks at it. */
  arrivedAt?(finding: Finding): string | undefined;
  entries(call: Call): AsyncIterable<SourceEntry | SourceProblem>;
  /** `readSmall` gives the whole bytes of an examined `json` or `xmp` entry. Every examined entry gets one account. */
  group(
    examined: readonly Examined[],
    readSmall: (hash: ContentHash) => Promise<Uint8Array>,
    call: Call,
  ): AsyncIterable<Finding | StreamAccount | SourceProblem | SourceNote>;
}

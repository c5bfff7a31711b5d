import type { ContentHash } from "./ids.js";
import type { Facts, InstanceCopy, Json, Location, Media, SourceRecord, VariantRole } from "./photo.js";
import type { SeenVisibility } from "./visibility.js";

/** What merging needs of a file that a source holds; the port's `FoundFile` fits. */
export interface FileFound {
  readonly hash: ContentHash;
  readonly filename: string;
  readonly sizeBytes: number;
  /** First the one to read. */
  readonly locations: readonly Location[];
}

/** What merging needs of one instance; the port's `FoundInstance` fits. */
export interface InstanceFound {
  readonly id: string;
  readonly url?: string;
  readonly quality: InstanceCopy["quality"];
  readonly visibility: SeenVisibility;
  readonly locations: readonly Location[];
  readonly record: SourceRecord | null;
  /** True where the source was looked at as it is now; an export tells of its own day, whenever it is read. */
  readonly isCurrent?: boolean;
  /** The service's own sign of which bytes these are. */
  readonly bytesStamp?: string;
  /** True where the service no longer has it: nothing but that is taken from this sighting. */
  readonly isGone?: boolean;
}

/** What merging needs of one photo as a source shows it; the port's `Finding` fits. */
export interface PhotoFound {
  readonly service: string;
  readonly original: FileFound;
  readonly instances: readonly InstanceFound[];
  readonly variants: readonly {
    readonly role: VariantRole;
    readonly file: FileFound;
    readonly instances: readonly InstanceFound[];
  }[];
}

/** What a file's bytes say of themselves. */
export interface Reading {
  readonly media: Omit<Media, "bytes">;
  /** By content, without a dot; empty where the type has none. */
  readonly extension: string;
  readonly facts: Facts;
  readonly raw: Readonly<Record<string, Json>>;
}

/** What bytes say of themselves, by content hash. */
export type Readings = ReadonlyMap<ContentHash, Reading>;

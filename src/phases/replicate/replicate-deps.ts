import type { Location } from "../../domain/photo.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { Staging } from "../../ports/staging.js";

/** One wanted entry of a tar archive as its stream passes. */
export interface TarEntryBytes {
  /** The entry's name, as `Location.entry` holds it. */
  readonly entry: string;
  /** The bytes, once, before the next entry is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

/** Reads originals where a document says they were found. What cannot be read throws; what changed is found by its hash. */
export interface LocationReader {
  /** True for a file that can only be read from its start, so that its entries are best read in one pass. False when it is not there. */
  isStreamed(path: string): Promise<boolean>;
  open(location: Location, call: Call): AsyncIterable<Uint8Array>;
  /** The wanted entries of a tar archive in one pass, in the archive's order; those it does not hold are left out. */
  openTar(path: string, wanted: ReadonlySet<string>, call: Call): AsyncIterable<TarEntryBytes>;
}

/** Replicas that `verify` found to be wrong since they were last stored. */
export interface Suspects {
  has(store: string, key: string): boolean;
}

export interface ReplicateDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  /** Every enabled store by name. */
  readonly stores: ReadonlyMap<string, BlobStore>;
  /** Names of the stores to fill; the others only serve as sources. */
  readonly targets: ReadonlySet<string>;
  readonly locations: LocationReader;
  /** Where `discover` kept bytes at hand. */
  readonly staging: Pick<Staging, "find" | "forget">;
  /** The store whose copy is read first. */
  readonly primary: string;
  /** How many blobs (or archives) are read at once; at least 1. */
  readonly parallel: number;
  readonly suspects: Suspects;
  readonly sha256Hex: (text: string) => string;
}

import type { DecisionEntry } from "../domain/settling/decision-entry.js";
import type { ThawOptions } from "../ports/blob-store.js";
import type { Person } from "../services/sign-in/way.js";
import type { StoreSurroundings } from "./open-stores.js";
import type { Surroundings } from "./service-account.js";

/** Options of each operation, already parsed and validated by the CLI. Paths are absolute. */
export interface DiscoverOptions {
  /** Folders and archives; empty means the folders that earlier runs and `config/services.json` name. */
  readonly paths: readonly string[];
  /** Account to attribute them to, instead of `folder` or `google-photos`. */
  readonly service?: string;
  /** RFC 3339 instant in UTC: leave out what is older. */
  readonly since?: string;
  /** Read every file again, whatever the index says. */
  readonly fullScan: boolean;
  /** How accounts of services are read; absent where they are not to be. */
  readonly live?: LiveOptions;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly hidden: boolean;
  readonly dryRun: boolean;
}

/** How accounts of services are read over the network. */
export interface LiveOptions {
  readonly surroundings: Surroundings;
  /** Refresh what is known, and download nothing. */
  readonly metadataOnly: boolean;
  /** Of each account at most so many photos. */
  readonly limit?: number;
  /** Shows the owner the page to pick photos on, where that was asked for. */
  readonly pick?: (address: string) => void;
}

export interface ResolveOptions {
  readonly autoResolve: "simple" | "none";
  readonly dryRun: boolean;
  /** What a person decided, as a file has it; absent where none was given. */
  readonly decisions?: readonly DecisionEntry[];
  /** True for the run that ends a sitting, whose lock its caller holds. */
  readonly endsSitting?: boolean;
}

export interface ReplicateOptions {
  readonly mode: "show" | "do";
  /** Names of stores and accounts; empty means every enabled one. */
  readonly to: readonly string[];
  readonly surroundings: Surroundings & StoreSurroundings;
}

export interface VerifyOptions {
  readonly deep: boolean;
  /** Refill what is found missing or corrupt: a command that writes. */
  readonly repair: boolean;
  /** With `repair`: show what would be refilled, and do nothing. */
  readonly dryRun: boolean;
  readonly store?: string;
  /** Compare the checksums that the stores keep, where they keep any. */
  readonly checksums?: boolean;
  /** 0 < percent <= 100: share of replicas to check; the next run goes on where this one ended. */
  readonly samplePercent?: number;
  /** What stores beyond this computer's disks need; without it they count as out of reach. */
  readonly surroundings?: StoreSurroundings;
}

/** Which photos are meant: those that pass every filter that is set. */
export interface PhotoFilter {
  readonly state?: "discovered" | "resolved" | "replicated";
  readonly service?: string;
  readonly album?: string;
  readonly person?: string;
  readonly tag?: string;
  readonly camera?: string;
  readonly kind?: "image" | "video";
  /** Inclusive days, `2024-01-15`, compared with the wall clock as written. */
  readonly from?: string;
  readonly to?: string;
  readonly undated: boolean;
  readonly conflicts: boolean;
}

export interface ListOptions extends PhotoFilter {
  /** Without a replica in this store. */
  readonly notIn?: string;
  readonly limit?: number;
}

export interface RestoreOptions {
  /** Photos as `show` takes them; empty for all that pass the filter. */
  readonly photos: readonly string[];
  readonly filter: PhotoFilter;
  /** Absolute path of the folder to restore to. */
  readonly to: string;
  /** Only from this store; absent for any. */
  readonly from?: string;
  readonly by: "date" | "album";
  /** Edited and other versions too. */
  readonly variants: boolean;
  readonly sidecars: boolean;
  readonly overwrite: boolean;
  /** Ask what lies in archives back, and write nothing. */
  readonly thaw?: Omit<ThawOptions, "ask">;
  readonly dryRun: boolean;
  /** What stores beyond this computer's disks need; without it they count as out of reach. */
  readonly surroundings?: StoreSurroundings;
}

export interface RecoverOptions {
  /** The store's address; see `parseStoreUrl`. */
  readonly url: string;
  /** Relative folders count from here. */
  readonly cwd: string;
  /** Absolute path of the folder that becomes the library; absent where only the generations are listed. */
  readonly directory?: string;
  /** Only tell which generations there are. */
  readonly list: boolean;
  /** The name of a bundle, or the short id of its commit; absent for the newest. */
  readonly generation?: string;
  /** Copy the originals into the library's own stores, too. */
  readonly originals: boolean;
  /** Under whose name the store's keys are looked up. */
  readonly name?: string;
  readonly surroundings: Surroundings;
  readonly person: Person;
}

export interface LogOptions {
  readonly limit?: number;
}

export interface AuditOptions {
  /** Also how it came to be: of one photo, or of all where none is named. */
  readonly history: { readonly photo?: string } | null;
}

import type { Visibility } from "./visibility.js";

/** One place that keeps blobs. `path` is relative to the library unless absolute. */
export interface LocalStoreSettings {
  readonly type: "local";
  readonly path: string;
  readonly enabled?: boolean;
}
/**
 * How a store is encrypted on this computer: to a passphrase, for which `age` is the short form, or to recipients (`age1...`), whose identities
 * open it.
 */
export type StoreEncryption =
  | "age"
  | { readonly method: "passphrase" }
  | { readonly method: "recipients"; readonly recipients: readonly string[] };
/** The long form's word for either form. */
export const encryptionMethod = (encryption: StoreEncryption): "passphrase" | "recipients" =>
  encryption === "age" ? "passphrase" : encryption.method;
/** Providers whose addresses and manners are known by name. */
export const STORE_PRESETS = [
  "aws",
  "b2",
  "wasabi",
  "minio",
  "r2",
  "scaleway",
  "ovh",
  "hetzner",
  "exoscale",
] as const;
export interface S3StoreSettings {
  readonly type: "s3";
  readonly bucket: string;
  readonly enabled?: boolean;
  readonly preset?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** The profile of AWS's own files whose keys, role or single sign-on open the store. */
  readonly profile?: string;
  /** The role of the computer, container or pod that photosync runs on opens the store. */
  readonly machine_role?: boolean;
  readonly prefix?: string;
  readonly storage_class?: string;
  readonly server_side_encryption?: string;
  readonly encryption?: StoreEncryption;
  readonly max_upload_rate?: string;
  readonly concurrency?: number;
}
export type StoreSettings = LocalStoreSettings | S3StoreSettings;

/** `config/user-preferences.json`. */
export interface UserPreferences {
  readonly schema_version: 1;
  readonly default_visibility: Visibility;
  /** Names of the rules that `resolve --auto-resolve simple` may apply. */
  readonly auto_resolve: readonly string[];
  readonly blob_storage: {
    /** The store whose copy `source_of_truth_path` names. */
    readonly primary: string;
    /** Shorthand for a local store named `local`. */
    readonly local_path?: string | null;
    /** Shorthand for an S3 store named `s3`. */
    readonly s3_bucket?: string | null;
    /** Shorthand for an S3 store named `b2`. */
    readonly b2_bucket?: string | null;
    readonly stores?: Readonly<Record<string, StoreSettings>>;
  };
  readonly sync_preferences: {
    readonly download_originals: boolean;
    readonly max_parallel_downloads: number;
    readonly incremental_sync_days: number;
  };
}

/** Every store by name, those that are switched off as well, the shorthand spelled out. A full entry wins over the shorthand of its name. */
export function namedSettings(preferences: UserPreferences): ReadonlyMap<string, StoreSettings> {
  const { local_path, s3_bucket, b2_bucket, stores } = preferences.blob_storage;
  const all = new Map<string, StoreSettings>();
  if (local_path) all.set("local", { type: "local", path: local_path });
  if (s3_bucket) all.set("s3", { type: "s3", preset: "aws", bucket: s3_bucket });
  if (b2_bucket) all.set("b2", { type: "s3", preset: "b2", bucket: b2_bucket });
  for (const [name, settings] of Object.entries(stores ?? {})) all.set(name, settings);
  return all;
}

/** Every enabled store by name. */
export const storesOf = (preferences: UserPreferences): ReadonlyMap<string, StoreSettings> =>
  new Map([...namedSettings(preferences)].filter(([, { enabled }]) => enabled !== false));

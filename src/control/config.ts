import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../domain/canonical-json.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { UserPreferences } from "../domain/preferences.js";
import type { ReplicatePolicy } from "../domain/replicate-policy.js";
import type { FileEdit } from "../ports/control-plane.js";
import { parseJson } from "./records.js";
import { type RecordKind, schemaErrors } from "./schemas.js";

/** One account in `config/services.json`. */
export interface ServiceSettings {
  readonly enabled: boolean;
  readonly provider?: string;
  readonly paths?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Folders of a Google Drive that photos are read from. */
  readonly folders?: readonly string[];
  /** False where uploads to Flickr shall bear no machine tags. */
  readonly marks?: boolean;
  /** What `replicate` may do there; absent where it only reads. */
  readonly replicate?: ReplicatePolicy;
  /** Addresses that stand in for the public ones. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly rate_limit?: Readonly<Record<string, number>>;
}
export type Services = Readonly<Record<string, ServiceSettings>>;

export interface ServiceSyncState {
  readonly last_discover: string;
  readonly roots: Readonly<
    Record<
      string,
      { readonly kind: "folder" | "google-takeout" | "flickr-export"; readonly last_discover: string }
    >
  >;
  readonly cursor?: string;
  /** Whose photos the account's are, by the service's own id. */
  readonly owner?: string;
}

/** `config/sync-state.json`. */
export interface SyncState {
  readonly schema_version: 1;
  readonly services: Readonly<Record<string, ServiceSyncState>>;
}

export interface LibraryConfig {
  readonly services: Services;
  readonly preferences: UserPreferences;
  /** Empty where the file cannot be used; `syncStateFailure` says so. */
  readonly syncState: SyncState;
  /** Why the sync state was taken as empty: `config.sync-state-invalid`. */
  readonly syncStateFailure?: Failure;
}

export const CONFIG_FILES = {
  services: "config/services.json",
  preferences: "config/user-preferences.json",
  "sync-state": "config/sync-state.json",
} as const satisfies Partial<Record<RecordKind, string>>;
type ConfigKind = keyof typeof CONFIG_FILES;

const SECRET_NAME = /secret|password|passphrase|token|credential|(?:private|access|api|auth)[_-]?key/i;
/**
 * What the first design's example wrote where a secret would stand, and an address without a user or a query: `endpoints.token` is
 * where tokens are asked for.
 */
const NO_SECRET = /^(?:\.\.\.|https?:\/\/[^\s?#@]+)?$/;

/** Where in a value something stands under the name of a secret, be it in a list under that name. */
function secretsIn(value: unknown, at = "", isNamed = false): string[] {
  if (typeof value === "string") return isNamed && !NO_SECRET.test(value) ? [at] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsIn(inner, at === "" ? key : `${at}.${key}`, isNamed || SECRET_NAME.test(key)),
  );
}

const isConfig = <T>(kind: ConfigKind, value: unknown): value is T => schemaErrors(kind, value).length === 0;

async function readConfig<T>(libraryRoot: string, kind: ConfigKind): Promise<T> {
  const path = CONFIG_FILES[kind];
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(libraryRoot, path));
  } catch (cause) {
    throw new PhotosyncError({
      kind: "user",
      code: "config.missing",
      message: `${path} cannot be read in ${libraryRoot}.`,
      next: [`Bring it back with: git checkout -- ${path}`],
      cause,
    });
  }
  const parsed = parseJson(bytes);
  const problems = "problem" in parsed ? [parsed.problem] : schemaErrors(kind, parsed.value);
  if ("problem" in parsed || !isConfig<T>(kind, parsed.value)) {
    throw new PhotosyncError({
      kind: "user",
      code: "config.invalid",
      message: `${path} is not valid: ${problems.join("; ")}.`,
      next: [`Mend it, or bring it back with: git checkout -- ${path}`],
    });
  }
  // The keys of the sync state are places, which may be called anything; its schema leaves no room for a secret.
  const secrets = kind === "sync-state" ? [] : secretsIn(parsed.value);
  if (secrets.length > 0) {
    throw new PhotosyncError({
      kind: "user",
      code: "config.secret",
      message: `${path} is committed to Git, yet holds a secret in ${secrets.join(", ")}.`,
      next: [
        "Remove it from the file and give it in the environment instead; revoke it if it was ever pushed.",
      ],
    });
  }
  return parsed.value;
}

/** One error that tells what is wrong with each file; a single one as it is. */
function together(errors: readonly PhotosyncError[]): PhotosyncError {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  return new PhotosyncError({
    kind: "user",
    code: errors.find((error) => error.code === "config.secret")?.code ?? first?.code ?? "config.invalid",
    message: errors.map((error) => error.message).join(" "),
    next: errors.flatMap((error) => error.next),
  });
}

const NO_SYNC_STATE: SyncState = { schema_version: 1, services: {} };

const syncStateFailure = ({ message }: PhotosyncError): Failure => ({
  subject: CONFIG_FILES["sync-state"],
  code: "config.sync-state-invalid",
  message: `${message} Until it is mended, no place that was read before is known.`,
  hint: `If it is uncommitted (as after a merge), take one side: git checkout HEAD -- ${CONFIG_FILES["sync-state"]}, then commit. If it is committed so, run: photosync discover PATH... with the places to read; that writes a good one.`,
});

/**
 * The library's three configuration files, validated. Throws `config.missing`, `config.invalid` or `config.secret`, in
 * one error that names the problems of all. A sync state that is missing or invalid stops nothing: the next `discover`
 * makes a new one.
 */
export async function loadConfig(libraryRoot: string): Promise<LibraryConfig> {
  const errors: PhotosyncError[] = [];
  const read = async <T>(kind: ConfigKind): Promise<T | null> => {
    try {
      return await readConfig<T>(libraryRoot, kind);
    } catch (error) {
      if (!(error instanceof PhotosyncError)) throw error;
      errors.push(error);
      return null;
    }
  };
  const accounts = await read<Services & Readonly<Record<"$schema" | "schema_version", unknown>>>("services");
  const preferences = await read<UserPreferences>("preferences");
  const syncState = await read<SyncState>("sync-state");
  if (accounts === null || preferences === null) throw together(errors);
  const { schema_version: _version, $schema: _schema, ...services } = accounts;
  if (syncState !== null) return { services, preferences, syncState };
  const [error] = errors;
  return {
    services,
    preferences,
    syncState: NO_SYNC_STATE,
    ...(error === undefined ? {} : { syncStateFailure: syncStateFailure(error) }),
  };
}

/** The edit that writes the sync state in canonical bytes. */
export const syncStateEdit = (state: SyncState): FileEdit => ({
  path: CONFIG_FILES["sync-state"],
  bytes: new TextEncoder().encode(canonicalJson(state, { keys: { schema_version: {}, services: {} } })),
});

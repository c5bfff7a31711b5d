import type { SecretFields } from "../../ports/secrets.js";

/** The fields that each provider's credentials are made of; in upper case they are the environment's names. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "google-photos": ["google_client_id", "google_client_secret", "google_refresh_token"],
  "google-drive": ["google_client_id", "google_client_secret", "google_refresh_token"],
  s3: ["access_key_id", "secret_access_key", "session_token"],
  // What opens an encrypted store, and what opened it before it was locked anew.
  age: ["passphrase", "identity"],
  "age-before": ["old_passphrase", "old_identity"],
  flickr: ["flickr_api_key", "flickr_api_secret", "flickr_oauth_token", "flickr_oauth_token_secret"],
};

/** Names that stand before a provider's fields in the environment, where everybody's programs know them so. */
const BARE_PREFIX: Readonly<Record<string, string>> = { s3: "AWS_" };

/** Names that serve all accounts of a provider which have none of their own. */
const SHARED_PREFIX: Readonly<Record<string, string>> = { age: "PHOTOSYNC_", "age-before": "PHOTOSYNC_" };

/** An account as far as its credentials are concerned. */
export interface SecretAccount {
  readonly name: string;
  readonly provider: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variable that holds a field for this account alone: `PHOTOSYNC_FAMILY_FLICKR_FLICKR_API_KEY`. */
export const variableOf = (account: string, field: string): string =>
  `PHOTOSYNC_${account.replace(/[^A-Za-z0-9]/g, "_")}_${field}`.toUpperCase();

/**
 * What the environment says of an account. `PHOTOSYNC_<ACCOUNT>_…` names are its own, and those of a store `PHOTOSYNC_STORE_<NAME>_…`. Bare names (`FLICKR_API_KEY`) serve the only
 * account of a provider; where there are several, nobody could tell whose they are, so only an application's key
 * counts for all, and tokens for none. For the only store in a bucket they are AWS's own (`AWS_ACCESS_KEY_ID`).
 * `PHOTOSYNC_PASSPHRASE` and its like serve every encrypted store that has none of its own.
 */
export function environmentSecrets(
  env: Environment,
  account: SecretAccount,
  all: readonly SecretAccount[],
): SecretFields {
  const isOnly = all.filter(({ provider }) => provider === account.provider).length <= 1;
  const fields = FIELDS[account.provider] ?? [];
  const own = read(env, fields, (field) => variableOf(account.name, field));
  const shared = SHARED_PREFIX[account.provider];
  if (shared !== undefined) {
    return { ...read(env, fields, (field) => `${shared}${field}`.toUpperCase()), ...own };
  }
  const prefix = BARE_PREFIX[account.provider];
  if (prefix !== undefined) {
    // A key, its secret and its session belong together: they are taken from one place or not at all.
    return Object.keys(own).length > 0 || !isOnly
      ? own
      : read(env, fields, (field) => `${prefix}${field}`.toUpperCase());
  }
  const common = fields.filter((field) => isOnly || !isToken(field));
  return { ...read(env, common, (field) => field.toUpperCase()), ...own };
}

function read(env: Environment, fields: readonly string[], nameOf: (field: string) => string): SecretFields {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = env[nameOf(field)];
      return value ? [[field, value] as const] : [];
    }),
  );
}

const isToken = (field: string): boolean => field.includes("token");

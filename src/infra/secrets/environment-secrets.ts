import type { SecretFields } from "../../ports/secrets.js";

/** The fields that each provider's credentials are made of; in upper case they are the environment's names. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "google-photos": ["google_client_id", "google_client_secret", "google_refresh_token"],
  "google-drive": ["google_client_id", "google_client_secret", "google_refresh_token"],
  flickr: ["flickr_api_key", "flickr_api_secret", "flickr_oauth_token", "flickr_oauth_token_secret"],
};

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
 * What the environment says of an account. `PHOTOSYNC_<ACCOUNT>_…` names are its own. Bare names (`FLICKR_API_KEY`) serve the only
 * account of a provider; where there are several, nobody could tell whose they are, so only an application's key
 * counts for all, and tokens for none.
 */
export function environmentSecrets(
  env: Environment,
  account: SecretAccount,
  all: readonly SecretAccount[],
): SecretFields {
  const isOnly = all.filter(({ provider }) => provider === account.provider).length <= 1;
  const found = (FIELDS[account.provider] ?? []).flatMap((field) => {
    const own = env[variableOf(account.name, field)];
    const bare = isOnly || !isToken(field) ? env[field.toUpperCase()] : undefined;
    const value = own || bare;
    return value ? [[field, value] as const] : [];
  });
  return Object.fromEntries(found);
}

const isToken = (field: string): boolean => field.includes("token");

import { createHash } from "node:crypto";
import { signInNeeded, unavailable } from "../../infra/http/failures.js";
import type { SecretFields } from "../../ports/secrets.js";

/** What a token endpoint gives, as google-auth-library hands it on. */
export interface GrantedTokens {
  readonly access_token?: string | null;
  readonly refresh_token?: string | null;
  /** Milliseconds since 1970. */
  readonly expiry_date?: number | null;
}

/** An access token that is at hand. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Google's usual lifetime, where it does not say. */
const LIFETIME_MS = 3_600_000;

/** By this an access token is known to belong to a refresh token, without holding it. */
const mark = (refreshToken: string): string =>
  createHash("sha256").update(refreshToken).digest("hex").slice(0, 16);

/**
 * The fields to keep of what was granted; a refresh that brings no new refresh token leaves the old one in force. Throws
 * `<account>.unavailable` (transient) where the answer is none, `<account>.sign-in-needed` (auth) where nothing lasting was granted.
 */
export function grantedFields(
  account: string,
  granted: GrantedTokens,
  before: SecretFields | null,
): SecretFields {
  const refresh = granted.refresh_token ?? before?.["google_refresh_token"];
  const { access_token: access } = granted;
  // Such as the page of a network that wants one to sign in to it first.
  if (!access)
    throw unavailable({ account, message: "Google's sign-in gave no answer that can be understood." });
  if (!refresh) throw signInNeeded(account, `Google gave no lasting sign-in for ${account}.`);
  const expiresAtMs = granted.expiry_date ?? Date.now() + LIFETIME_MS;
  return {
    ...before,
    google_refresh_token: refresh,
    google_access_token: access,
    google_access_token_expires_at: new Date(expiresAtMs).toISOString(),
    google_access_token_of: mark(refresh),
  };
}

/** The access token among kept fields, if it belongs to the refresh token beside it. */
export function keptAccessToken(fields: SecretFields): AccessToken | null {
  const token = fields["google_access_token"];
  const refresh = fields["google_refresh_token"];
  const expiresAtMs = Date.parse(fields["google_access_token_expires_at"] ?? "");
  if (!token || !refresh || Number.isNaN(expiresAtMs) || fields["google_access_token_of"] !== mark(refresh))
    return null;
  return { token, expiresAtMs };
}

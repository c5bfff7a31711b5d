import { PhotosyncError } from "../../domain/errors.js";
import { rateLimited, signInNeeded, unavailable } from "../../infra/http/failures.js";
import { withoutSecrets } from "../../infra/http/redact.js";
import type { SecretFields } from "../../ports/secrets.js";
import type { GoogleEndpoints } from "./endpoints.js";

export interface GoogleApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface GoogleClientOptions {
  readonly account: string;
  readonly application: GoogleApplication;
  readonly endpoints: GoogleEndpoints;
  readonly fetch: typeof fetch;
  readonly redirect?: string;
}

/** The application's key among an account's secrets. Throws `<account>.sign-in-needed` (auth) where it is missing. */
export function applicationOf(account: string, fields: SecretFields | null): GoogleApplication {
  const clientId = fields?.["google_client_id"];
  const clientSecret = fields?.["google_client_secret"];
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw signInNeeded(account, `Nobody is signed in to ${account} on this computer.`);
}

/**
 * Google's own client for sign-in, over our `fetch`. It repeats nothing by itself: how often and when is the policy's to say. Loaded
 * when it is needed, for it takes a tenth of a second.
 */
export async function googleClient({ application, endpoints, fetch, redirect }: GoogleClientOptions) {
  const { OAuth2Client } = await import("google-auth-library");
  return new OAuth2Client({
    ...application,
    ...(redirect === undefined ? {} : { redirectUri: redirect }),
    endpoints: {
      oauth2AuthBaseUrl: endpoints.auth,
      oauth2TokenUrl: endpoints.token,
      oauth2RevokeUrl: endpoints.revoke,
    },
    transporterOptions: {
      fetchImplementation: fetch,
      retry: false,
      retryConfig: { retry: 0, noResponseRetries: 0, shouldRetry: () => false },
    },
  });
}

interface TokenRefusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

/** The answer in what the library threw; null where there was none. */
function refusalOf(thrown: unknown): TokenRefusal | null {
  if (!(thrown instanceof Error) || !("response" in thrown)) return null;
  const { response } = thrown;
  if (typeof response !== "object" || response === null || !("status" in response)) return null;
  const body: unknown = "data" in response ? response.data : null;
  const field = (name: string): string => {
    const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return {
    status: Number(response.status),
    error: field("error"),
    description: withoutSecrets(field("error_description")).slice(0, 200),
  };
}

/** Our own error among the causes of what the library threw. */
function ownError(thrown: unknown): PhotosyncError | null {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at instanceof PhotosyncError) return at;
  return null;
}

/**
 * What the token endpoint refused or why it could not be asked, as photosync's own error. The library's error is not kept as the
 * cause: it holds the request with its secrets. `invalid_grant` is a sign-in that has ended
 * (https://developers.google.com/identity/protocols/oauth2#expiration).
 */
export function tokenFailure(thrown: unknown, account: string): PhotosyncError {
  const own = ownError(thrown);
  if (own !== null) return own;
  const refusal = refusalOf(thrown);
  if (refusal === null) {
    return unavailable({ account, message: "Google's sign-in gave no answer that can be understood." });
  }
  const { status, error, description } = refusal;
  const words = [error, description].filter((word) => word !== "").join(": ");
  if (status === 429)
    return rateLimited({ account, message: `Google's sign-in is asked too often (${words}).`, status });
  if (status >= 500)
    return unavailable({ account, message: `Google's sign-in is in trouble (status ${status}).`, status });
  if (error === "invalid_grant") {
    return signInNeeded(
      account,
      `Google no longer takes the sign-in of ${account} (${words}): it was revoked or has expired. While the application's status is "Testing", that happens after 7 days.`,
    );
  }
  if (error === "invalid_client" || error === "unauthorized_client") {
    return signInNeeded(
      account,
      `Google does not know this application for ${account} (${words}): the client ID or its secret is wrong, or the client was deleted.`,
    );
  }
  return signInNeeded(account, `Google refused the sign-in of ${account} (status ${status}, ${words}).`);
}

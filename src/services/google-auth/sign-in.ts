import { createHash, randomBytes } from "node:crypto";
import { PhotosyncError } from "../../domain/errors.js";
import type { Time } from "../../infra/http/time.js";
import type { Call } from "../../ports/call.js";
import type { SecretFields } from "../../ports/secrets.js";
import { askPermission } from "../sign-in/permission.js";
import type { Person, SignInWay } from "../sign-in/way.js";
import { type GoogleApplication, googleClient, tokenFailure } from "./client.js";
import type { GoogleEndpoints } from "./endpoints.js";
import { googleScopes } from "./scopes.js";
import { grantedFields } from "./token-fields.js";

export interface GoogleSignIn {
  readonly account: string;
  readonly provider: string;
  readonly application: GoogleApplication;
  readonly endpoints: GoogleEndpoints;
  readonly fetch: typeof fetch;
  readonly way: SignInWay;
  readonly person: Person;
  readonly time: Time;
}

/** An address on this computer that nobody listens at: the browser fails to load it, and shows it. */
const NOBODY = "http://127.0.0.1:53170/photosync";

/** Base64url of random bytes: 43 characters, all that PKCE allows at least (RFC 7636, 4.1). */
const random = (): string => randomBytes(32).toString("base64url");

/**
 * Signs the owner in at Google: authorization code with PKCE, a checked state, and a redirect to this computer. Gives the secrets to
 * keep, application's key included. Throws `<account>.sign-in-refused` and `<account>.scopes-missing` (auth), what `askPermission` and
 * `tokenFailure` give.
 */
export async function googleSignIn(request: GoogleSignIn, call: Call): Promise<SecretFields> {
  const { account, application, endpoints, person, time } = request;
  const scopes = googleScopes(request.provider);
  const verifier = random();
  const state = random();
  const { redirect, parameters } = await askPermission(
    {
      account,
      way: request.way,
      person,
      time,
      explanation: [
        "Google will ask you to let photosync:",
        ...scopes.map(({ allows }) => `  - ${allows}`),
        "Leave every box ticked. Google may warn that the application is not verified: it is your own, so go on (Advanced).",
      ],
      pasteRedirect: NOBODY,
      pasteLabel: "The browser then fails to load a page at 127.0.0.1. Paste its whole address here",
      begin: async (to) => authorizeAddress(request, { to, verifier, state }),
      isOurs: (found) => found.get("state") === state && (found.has("code") || found.has("error")),
      fromPasted: (text) => (URL.canParse(text) ? new URL(text).searchParams : null),
    },
    call,
  );
  const code = parameters.get("code");
  if (code === null) throw refused(account, parameters.get("error") ?? "");
  const client = await googleClient({
    account,
    application,
    endpoints,
    fetch: withSignal(request.fetch, call),
    redirect,
  });
  try {
    const { tokens } = await client.getToken({ code, codeVerifier: verifier, redirect_uri: redirect });
    refuseMissingScopes(
      account,
      scopes.map(({ scope }) => scope),
      tokens.scope ?? parameters.get("scope"),
    );
    return {
      google_client_id: application.clientId,
      google_client_secret: application.clientSecret,
      ...grantedFields(account, tokens, null),
    };
  } catch (error) {
    throw error instanceof PhotosyncError ? error : tokenFailure(error, account);
  }
}

/** `fetch` that ends with the call, for clients that cannot be told of one. */
export const withSignal =
  (plain: typeof fetch, { signal }: Call): typeof fetch =>
  (input, init) =>
    plain(input, { ...init, signal });

function authorizeAddress(
  { application, endpoints, provider }: GoogleSignIn,
  { to, verifier, state }: { readonly to: string; readonly verifier: string; readonly state: string },
): string {
  const address = new URL(endpoints.auth);
  const parameters = {
    client_id: application.clientId,
    redirect_uri: to,
    response_type: "code",
    scope: googleScopes(provider)
      .map(({ scope }) => scope)
      .join(" "),
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    access_type: "offline",
    // Without it, Google gives no refresh token to a client of another type that was allowed before.
    prompt: "consent",
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
}

const refused = (account: string, error: string): PhotosyncError =>
  new PhotosyncError({
    kind: "auth",
    code: `${account}.sign-in-refused`,
    message:
      error === "access_denied"
        ? "The sign-in was refused in the browser, so nothing was connected."
        : `Google ended the sign-in with the error ${error.replace(/[^\w.-]/g, "").slice(0, 60)}.`,
    next: [`Try again: photosync connect ${account}`],
  });

/** The owner may untick single permissions (https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions). */
function refuseMissingScopes(account: string, asked: readonly string[], granted: string | null): void {
  if (granted === null) return;
  const given = new Set(granted.split(/\s+/));
  const missing = asked.filter((scope) => !given.has(scope));
  if (missing.length === 0) return;
  throw new PhotosyncError({
    kind: "auth",
    code: `${account}.scopes-missing`,
    message: `These permissions were not given: ${missing.map((scope) => scope.replace(/^.*\/auth\//, "")).join(", ")}. photosync needs all of them.`,
    next: [`Try again and leave every box ticked: photosync connect ${account}`],
  });
}

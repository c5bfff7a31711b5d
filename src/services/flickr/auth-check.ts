import { PhotosyncError } from "../../domain/errors.js";
import { signInNeeded, unavailable } from "../../infra/http/failures.js";
import type { Call } from "../../ports/call.js";
import type { AccountReport } from "../../ports/photo-service.js";
import type { Policy } from "../../ports/policy.js";
import type { SecretFields } from "../../ports/secrets.js";
import { type FlickrWire, flickrTransport, refusalOf } from "./auth-transport.js";

export interface FlickrCheck extends FlickrWire {
  readonly fields: SecretFields;
  readonly policy: Policy;
}

/** What Flickr's general codes say of a sign-in (https://www.flickr.com/services/api/, "Error Codes"). */
const SIGN_IN_CODES = new Set([96, 97, 98, 99, 100]);

/**
 * Asks Flickr whose sign-in this is, what it allows, and what the account may do: two requests. Throws `<account>.sign-in-needed` (auth) where it is
 * not taken or allows too little, `<account>.unavailable` (transient).
 */
export async function checkFlickr(check: FlickrCheck, call: Call): Promise<AccountReport> {
  const { account, fields } = check;
  const token = await ask(
    check,
    "flickr.auth.oauth.checkToken",
    { oauth_token: fields["flickr_oauth_token"] ?? "" },
    call,
  );
  const perms = text(token, "oauth", "perms", "_content");
  if (perms === "read" || perms === "none") {
    throw signInNeeded(
      account,
      `The sign-in to ${account} only allows to ${perms === "read" ? "look" : "do nothing"}; photosync needs to write.`,
    );
  }
  const owner = text(token, "oauth", "user", "username");
  const status = await ask(check, "flickr.people.getUploadStatus", {}, call);
  const isPro = text(status, "user", "ispro") === "1";
  const uploaded = text(status, "user", "upload_count");
  return {
    owner: owner || text(token, "oauth", "user", "nsid"),
    facts: [
      isPro
        ? "Flickr Pro: originals can be downloaded"
        : "Free account: Flickr lets it download nothing above 1024 pixels (since May 2025), and hold at most 1,000 photos, 50 of them not public",
      ...(uploaded === "" ? [] : [`${uploaded} photos and videos`]),
    ],
  };
}

async function ask(
  check: FlickrCheck,
  method: "flickr.auth.oauth.checkToken" | "flickr.people.getUploadStatus",
  parameters: { readonly oauth_token: string } | Record<string, never>,
  call: Call,
): Promise<unknown> {
  const { account, fields, policy } = check;
  const field = (name: string): string => {
    const value = fields[name];
    if (!value) throw signInNeeded(account, `Nobody is signed in to ${account} on this computer.`);
    return value;
  };
  const credentials = {
    consumerKey: field("flickr_api_key"),
    consumerSecret: field("flickr_api_secret"),
    oauthToken: field("flickr_oauth_token"),
    oauthTokenSecret: field("flickr_oauth_token_secret"),
  };
  return policy.run(
    { label: method, lane: "read", isRepeatable: true },
    async (attempt) => {
      const { createFlickr } = await import("flickr-sdk");
      const { flickr } = createFlickr(credentials, await flickrTransport(check, method, attempt));
      try {
        const answer: unknown = await flickr(method, { ...parameters } as { oauth_token: string });
        return answer;
      } catch (error) {
        throw failureOf(error, account, method);
      }
    },
    call,
  );
}

function failureOf(error: unknown, account: string, method: string): unknown {
  if (error instanceof PhotosyncError) return error;
  const refusal = refusalOf(error);
  // HTML with status 200 is what Flickr's outer servers send when the inner ones are in trouble.
  if (refusal === null) {
    return error instanceof SyntaxError
      ? unavailable({ account, message: `Flickr answered ${method} with something that is no JSON.` })
      : error;
  }
  const { code, message } = refusal;
  if (SIGN_IN_CODES.has(code))
    return signInNeeded(account, `Flickr refused the sign-in of ${account}: ${message} (${code}).`);
  return unavailable({ account, message: `Flickr refused ${method}: ${message} (${code}).` });
}

/** A text or number in an outside value, as text; empty where there is none. */
function text(value: unknown, ...path: readonly string[]): string {
  let at = value;
  for (const name of path) at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
  return typeof at === "string" || typeof at === "number" ? String(at) : "";
}

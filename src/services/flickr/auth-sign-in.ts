import { PhotosyncError } from "../../domain/errors.js";
import { unavailable } from "../../infra/http/failures.js";
import type { Time } from "../../infra/http/time.js";
import type { Call } from "../../ports/call.js";
import type { Policy } from "../../ports/policy.js";
import type { SecretFields } from "../../ports/secrets.js";
import { askPermission } from "../sign-in/permission.js";
import type { Person, SignInWay } from "../sign-in/way.js";
import { redirected } from "./auth-endpoints.js";
import { type FlickrWire, flickrTransport } from "./auth-transport.js";

export interface FlickrSignIn extends FlickrWire {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly way: SignInWay;
  readonly person: Person;
  readonly time: Time;
  readonly policy: Policy;
}

/** `write` lets photosync add and change, not delete (https://www.flickr.com/services/api/auth.oauth.html). */
const PERMISSION = "write";

/**
 * Signs the owner in at Flickr by OAuth 1.0a, and gives the secrets to keep, the API key included. Throws what `askPermission` gives,
 * `<account>.sign-in-refused` (auth), `<account>.sign-in-needed` (auth) for a wrong key or code, `<account>.unavailable` (transient), `<account>.clock-wrong` (user).
 */
export async function flickrSignIn(request: FlickrSignIn, call: Call): Promise<SecretFields> {
  const { account, apiKey, apiSecret, person, way, time } = request;
  let asked: RequestToken | null = null;
  const { parameters } = await askPermission(
    {
      account,
      way,
      person,
      time,
      explanation: [
        "Flickr will ask you to let photosync:",
        "  - see all your photos, private ones included, with their albums and who may see them",
        "  - add photos, and change their titles, tags, albums and who may see them",
        "It does not ask to delete anything.",
      ],
      pasteRedirect: "oob",
      pasteLabel: "Flickr then shows a code of nine digits. Type it here",
      begin: async (redirect) => {
        asked = await requestToken(request, redirect, call);
        const address = new URL(redirected(await authorizeAddress(asked.token, request), request.endpoints));
        return address.href;
      },
      isOurs: (found) => {
        const token = found.get("oauth_token");
        const isAnswer = found.has("oauth_verifier") || found.has("oauth_problem");
        return isAnswer && (token === null ? way === "paste" : token === asked?.token);
      },
      fromPasted: pastedCode,
    },
    call,
  );
  if (asked === null) throw unavailable({ account, message: "Flickr gave no request token." });
  const verifier = parameters.get("oauth_verifier");
  if (verifier === null) throw refused(account);
  const granted = await accessToken(request, asked, verifier, call);
  return { flickr_api_key: apiKey, flickr_api_secret: apiSecret, ...granted };
}

/** The nine digits, with or without dashes; the address of the page that was come back to does as well. */
function pastedCode(text: string): URLSearchParams | null {
  if (URL.canParse(text)) return new URL(text).searchParams;
  const digits = text.replace(/[\s-]/g, "");
  return /^\d{9}$/.test(digits) ? new URLSearchParams({ oauth_verifier: dashed(digits) }) : null;
}

/** As Flickr shows it. */
const dashed = (digits: string): string => digits.replace(/(\d{3})(?=\d)/g, "$1-");

interface RequestToken {
  readonly token: string;
  readonly secret: string;
}

async function service(request: FlickrSignIn, token: RequestToken | null, label: string, call: Call) {
  const { OAuthAuth, OAuthService } = await import("flickr-sdk");
  const { apiKey, apiSecret } = request;
  const auth = new OAuthAuth(apiKey, apiSecret, token?.token ?? false, token?.secret ?? false);
  return new OAuthService(await flickrTransport(request, label, call), auth);
}

const authorizeAddress = async (token: string, request: FlickrSignIn): Promise<string> =>
  (await service(request, null, "", { signal: new AbortController().signal })).authorizeUrl(
    token,
    PERMISSION,
  );

function requestToken(request: FlickrSignIn, redirect: string, call: Call): Promise<RequestToken> {
  const label = "the sign-in's beginning";
  return request.policy.run(
    { label, lane: "read", isRepeatable: true },
    async (attempt) => {
      const oauth = await service(request, null, label, attempt);
      const { requestToken: token, requestTokenSecret: secret } = await oauth.request(redirect);
      // A failure that answers with status 200 leaves these empty, whatever the SDK's types say.
      if (!token || !secret) throw notUnderstood(request.account);
      return { token, secret };
    },
    call,
  );
}

function accessToken(
  request: FlickrSignIn,
  asked: RequestToken,
  verifier: string,
  call: Call,
): Promise<SecretFields> {
  const label = "the sign-in's end";
  return request.policy.run(
    { label, lane: "read", isRepeatable: false },
    async (attempt) => {
      const oauth = await service(request, asked, label, attempt);
      const { oauthToken, oauthTokenSecret } = await oauth.verify(verifier);
      if (!oauthToken || !oauthTokenSecret) throw notUnderstood(request.account);
      return { flickr_oauth_token: oauthToken, flickr_oauth_token_secret: oauthTokenSecret };
    },
    call,
  );
}

const refused = (account: string): PhotosyncError =>
  new PhotosyncError({
    kind: "auth",
    code: `${account}.sign-in-refused`,
    message: "The sign-in was refused in the browser, so nothing was connected.",
    next: [`Try again: photosync connect ${account}`],
  });

const notUnderstood = (account: string): PhotosyncError =>
  unavailable({ account, message: "Flickr's sign-in answered something that cannot be understood." });

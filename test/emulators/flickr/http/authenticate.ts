import type { FlickrState } from "../machine/state.js";
import type { Context } from "./context.js";
import type { OAuthProblem } from "./oauth-problem.js";
import { baseString, isSame, type Parameters, signatureOf } from "./signature.js";
import type { WireRequest } from "./wire.js";

/** A key with the secret that has to have signed. */
export interface Signer {
  readonly appKey: string;
  readonly token: string;
}

const REQUIRED = [
  "oauth_consumer_key",
  "oauth_nonce",
  "oauth_signature",
  "oauth_signature_method",
  "oauth_timestamp",
] as const;

/** The last value of a parameter. */
export const lastValue = (parameters: Parameters, name: string): string | undefined =>
  parameters.findLast(([each]) => each === name)?.[1];

/** The addresses the request may have been signed for: as it was called, and where the real Flickr has the same path. */
function signedAddresses(request: WireRequest): readonly string[] {
  const kind = /^\/services\/(rest|upload|replace|oauth)(\/|$)/.exec(request.path)?.[1] ?? "";
  const hosts = { rest: ["api", "www"], upload: ["up"], replace: ["up"], oauth: ["www"] }[kind] ?? [];
  return [request.origin, ...hosts.map((host) => `https://${host}.flickr.com`)].map(
    (origin) => `${origin}${request.path}`,
  );
}

function timeProblem(context: Context, state: FlickrState, parameters: Parameters): OAuthProblem | null {
  const timestamp = lastValue(parameters, "oauth_timestamp") ?? "";
  const tolerance = context.options.timestampToleranceSeconds;
  const now = context.machine.now();
  const isNear = tolerance === null || Math.abs(Number(timestamp) - now) <= tolerance;
  if (!/^\d{1,12}$/.test(timestamp) || !isNear) return { kind: "timestamp_refused" };
  const nonce = `${lastValue(parameters, "oauth_consumer_key")} ${lastValue(parameters, "oauth_nonce")} ${timestamp}`;
  if (state.nonces.has(nonce)) return { kind: "nonce_used" };
  state.nonces.set(nonce, now);
  // What is too old to be taken again need not be known; insertion order is time order.
  for (const [old, at] of state.nonces) {
    if (tolerance === null || at >= now - 2 * tolerance) break;
    state.nonces.delete(old);
  }
  return null;
}

/**
 * Verifies that a request was signed by this app and the owner of this token's secret, once and now. `secretOfToken` gives
 * undefined for tokens that are not known. The address may be the one that was called or the real one with the same path.
 */
export function verify(
  context: Context,
  request: WireRequest,
  parameters: Parameters,
  secretOfToken: ((token: string, appKey: string) => string | undefined) | null,
): Signer | OAuthProblem {
  const names = secretOfToken === null ? REQUIRED : ([...REQUIRED, "oauth_token"] as const);
  const absent = names.filter((name) => !lastValue(parameters, name));
  if (absent.length > 0) return { kind: "parameter_absent", absent };
  const { state } = context.machine;
  const app = state.apps.get(lastValue(parameters, "oauth_consumer_key") ?? "");
  if (app === undefined) return { kind: "consumer_key_unknown" };
  if (lastValue(parameters, "oauth_signature_method") !== "HMAC-SHA1") {
    return { kind: "signature_method_rejected" };
  }
  if ((lastValue(parameters, "oauth_version") ?? "1.0") !== "1.0") return { kind: "version_rejected" };
  const token = lastValue(parameters, "oauth_token") ?? "";
  const tokenSecret = secretOfToken === null ? "" : secretOfToken(token, app.key);
  if (tokenSecret === undefined) return { kind: "token_rejected" };
  const bases = signedAddresses(request).map((url) => baseString(request.method, url, parameters));
  const signature = lastValue(parameters, "oauth_signature") ?? "";
  const isSigned = bases.some((base) => isSame(signature, signatureOf(base, app.secret, tokenSecret)));
  // Tools report trouble with `api_key` in signed calls: here it never works.
  if (!isSigned || lastValue(parameters, "api_key") !== undefined) {
    return { kind: "signature_invalid", base: bases[0] ?? "" };
  }
  return timeProblem(context, state, parameters) ?? { appKey: app.key, token };
}

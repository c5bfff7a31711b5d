import { type Answer, fail } from "../machine/answer.js";
import type { Caller } from "../machine/rights.js";
import { lastValue, verify } from "./authenticate.js";
import type { Context } from "./context.js";
import type { OAuthProblem } from "./oauth-problem.js";
import type { Parameters } from "./signature.js";
import type { WireRequest } from "./wire.js";

/** Who calls REST or uploads; or what is answered at once. */
export type Called =
  | { readonly kind: "caller"; readonly caller: Caller; readonly appKey: string }
  | { readonly kind: "problem"; readonly problem: OAuthProblem }
  | { readonly kind: "failed"; readonly answer: Answer };

const badKey = (why: string): Called => ({ kind: "failed", answer: fail(100, `Invalid API Key (${why})`) });

/** A call without a signature: only a key, so nobody is signed in. */
function unsigned(context: Context, key: string): Called {
  if (!/^[0-9a-f]{32}$/.test(key)) return badKey("Key has invalid format");
  const app = context.machine.state.apps.get(key);
  if (app === undefined) return badKey("Key not found");
  if (app.isExpired) return badKey("Key has expired");
  return { kind: "caller", caller: { nsid: null, perms: "none" }, appKey: key };
}

/** Finds out who calls. */
export function calledBy(context: Context, request: WireRequest, parameters: Parameters): Called {
  const { state } = context.machine;
  const isSigned = parameters.some(([name]) => name.startsWith("oauth_") && name !== "oauth_token");
  if (!isSigned) return unsigned(context, lastValue(parameters, "api_key") ?? "");
  const hasToken = lastValue(parameters, "oauth_token") !== undefined;
  const signer = verify(
    context,
    request,
    parameters,
    hasToken
      ? (token, appKey) => {
          const known = state.accessTokens.get(token);
          return known?.appKey === appKey ? known.secret : undefined;
        }
      : null,
  );
  if ("kind" in signer) return { kind: "problem", problem: signer };
  if (state.apps.get(signer.appKey)?.isExpired === true) return badKey("Key has expired");
  const token = state.accessTokens.get(signer.token);
  if (token === undefined) {
    return { kind: "caller", caller: { nsid: null, perms: "none" }, appKey: signer.appKey };
  }
  if (token.isRevoked) {
    return context.options.revokedToken === "98"
      ? { kind: "failed", answer: fail(98, "Login failed / Invalid auth token") }
      : { kind: "problem", problem: { kind: "token_rejected" } };
  }
  const caller = { nsid: token.nsid, perms: token.perms };
  return { kind: "caller", caller, appKey: signer.appKey };
}

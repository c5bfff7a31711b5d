import type { Perms } from "../machine/state.js";
import { lastValue, verify } from "./authenticate.js";
import { askingPage, codePage, overPage, unknownTokenPage } from "./authorize-page.js";
import type { Context } from "./context.js";
import { allow, type Decided, exchange, liveRequestToken, newRequestToken, refuse } from "./grants.js";
import { problemReply } from "./oauth-problem.js";
import type { Sent } from "./sent-parameters.js";
import { type Parameters, percent } from "./signature.js";
import { type Reply, textReply, type WireRequest } from "./wire.js";

const formReply = (fields: Readonly<Record<string, string>>): Reply =>
  textReply(
    200,
    "text/plain;charset=UTF-8",
    Object.entries(fields)
      .map(([name, value]) => `${name}=${percent(value)}`)
      .join("&"),
  );

/** `oob`, or an address to come back to; a loopback one needs no registration. */
const isCallback = (text: string): boolean => text === "oob" || /^https?:\/\/[^/]+/.test(text);

function requestToken(context: Context, request: WireRequest, sent: Sent): Reply {
  const signer = verify(context, request, sent.parameters, null);
  if ("kind" in signer) return problemReply(signer, context.options);
  const callback = lastValue(sent.parameters, "oauth_callback");
  if (callback === undefined) {
    return problemReply({ kind: "parameter_absent", absent: ["oauth_callback"] }, context.options);
  }
  if (!isCallback(callback)) return problemReply({ kind: "parameter_rejected" }, context.options);
  const made = newRequestToken(context, signer.appKey, callback);
  return formReply({
    oauth_callback_confirmed: "true",
    oauth_token: made.token,
    oauth_token_secret: made.secret,
  });
}

function accessToken(context: Context, request: WireRequest, sent: Sent): Reply {
  const signer = verify(context, request, sent.parameters, (token, appKey) => {
    const known = liveRequestToken(context, token);
    return known?.appKey === appKey ? known.secret : undefined;
  });
  if ("kind" in signer) return problemReply(signer, context.options);
  const verifier = lastValue(sent.parameters, "oauth_verifier");
  if (verifier === undefined) {
    return problemReply({ kind: "parameter_absent", absent: ["oauth_verifier"] }, context.options);
  }
  const made = exchange(context, signer.token, verifier);
  if (made === null) return problemReply({ kind: "verifier_invalid" }, context.options);
  const account = context.machine.state.accounts.get(made.nsid);
  return formReply({
    fullname: account?.realname ?? "",
    oauth_token: made.token,
    oauth_token_secret: made.secret,
    user_nsid: made.nsid,
    username: account?.username ?? "",
  });
}

const htmlPage = (text: string): Reply => textReply(200, "text/html; charset=utf-8", text);

function decidedReply(decided: Decided): Reply {
  switch (decided.kind) {
    case "redirect":
      return textReply(302, "text/html", "", { location: decided.location });
    case "code":
      return htmlPage(codePage(decided.code));
    case "over":
      return htmlPage(overPage());
    case "unknown-token":
      return htmlPage(unknownTokenPage());
  }
}

const permsOf = (parameters: Parameters): Perms =>
  (["read", "write", "delete"] as const).find((perms) => perms === lastValue(parameters, "perms")) ?? "read";

function authorize(context: Context, request: WireRequest, sent: Sent): Reply {
  const token = lastValue(sent.parameters, "oauth_token") ?? "";
  const perms = permsOf(sent.parameters);
  if (liveRequestToken(context, token) === undefined) return decidedReply({ kind: "unknown-token" });
  if (request.method === "POST") {
    const isAllowed = lastValue(sent.parameters, "decision") === "allow";
    const nsid = lastValue(sent.parameters, "nsid") ?? "";
    return decidedReply(isAllowed ? allow(context, token, nsid, perms) : refuse(context, token));
  }
  const { authorizesAs } = context.options;
  if (authorizesAs !== null) return decidedReply(allow(context, token, authorizesAs, perms));
  return htmlPage(askingPage(token, perms, [...context.machine.state.accounts.values()]));
}

const ENDPOINTS: Readonly<Record<string, typeof authorize>> = {
  request_token: requestToken,
  access_token: accessToken,
  authorize,
};

/** Answers `/services/oauth/…`; null where there is no such endpoint. */
export function oauthReply(context: Context, request: WireRequest, sent: Sent): Reply | null {
  const name = /^\/services\/oauth\/(\w+)\/?$/.exec(request.path)?.[1] ?? "";
  return ENDPOINTS[name]?.(context, request, sent) ?? null;
}

import { hex, tokenAfter } from "../machine/ids.js";
import type { AccessToken, Perms, RequestToken } from "../machine/state.js";
import type { Context } from "./context.js";

/** Where somebody goes after having decided. */
export type Decided =
  /** Back to the application. */
  | { readonly kind: "redirect"; readonly location: string }
  /** A page with a code to type in. */
  | { readonly kind: "code"; readonly code: string }
  /** The page says that it is over; the application hears nothing. */
  | { readonly kind: "over" }
  | { readonly kind: "unknown-token" };

const REQUEST_TOKEN_SECONDS = 3600;

/** The request token while it can still be used. */
export function liveRequestToken(context: Context, token: string): RequestToken | undefined {
  const known = context.machine.state.requestTokens.get(token);
  return known !== undefined && known.madeAt + REQUEST_TOKEN_SECONDS >= context.machine.now()
    ? known
    : undefined;
}

/** A step of signing in for this app. */
export function newRequestToken(context: Context, appKey: string, callback: string): RequestToken {
  const { state, random, now } = context.machine;
  const token = tokenAfter(state, random);
  const made = { token, secret: hex(random, 16), appKey, callback, grant: null, madeAt: now() };
  state.requestTokens.set(token, made);
  return made;
}

function withQuery(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

const digits = (random: () => number): string =>
  String(Math.floor(random() * 1_000_000_000)).padStart(9, "0");

/** The owner of an account says yes to the application. */
export function allow(context: Context, token: string, nsid: string, perms: Perms): Decided {
  const { state, random } = context.machine;
  const known = liveRequestToken(context, token);
  if (known === undefined || !state.accounts.has(nsid)) return { kind: "unknown-token" };
  const isByHand = known.callback === "oob";
  const verifier = isByHand ? digits(random) : hex(random, 16);
  state.requestTokens.set(token, { ...known, grant: { nsid, perms, verifier } });
  if (isByHand) {
    const code = context.options.groupsOobCode ? verifier.replace(/(\d{3})(?=\d)/g, "$1-") : verifier;
    return { kind: "code", code };
  }
  const location = withQuery(known.callback, { oauth_token: token, oauth_verifier: verifier });
  return { kind: "redirect", location };
}

/** The owner says no; the token is of no more use. */
export function refuse(context: Context, token: string): Decided {
  const known = liveRequestToken(context, token);
  if (known === undefined) return { kind: "unknown-token" };
  context.machine.state.requestTokens.delete(token);
  if (context.options.refusal === "silent" || known.callback === "oob") return { kind: "over" };
  const location = withQuery(known.callback, { oauth_token: token, oauth_problem: "user_refused" });
  return { kind: "redirect", location };
}

/** Changes a granted request token for an access token, once. Null where the verifier is not the one that was given. */
export function exchange(context: Context, token: string, verifier: string): AccessToken | null {
  const { state, random } = context.machine;
  const known = liveRequestToken(context, token);
  const grant = known?.grant;
  if (known === undefined || !grant || grant.verifier !== verifier.replace(/-/g, "")) return null;
  state.requestTokens.delete(token);
  const { nsid, perms } = grant;
  const earlier = [...state.accessTokens.values()].find(
    (each) => each.appKey === known.appKey && each.nsid === nsid && !each.isRevoked,
  );
  const made =
    earlier !== undefined && context.options.sameTokenAgain
      ? { ...earlier, perms }
      : {
          token: tokenAfter(state, random),
          secret: hex(random, 16),
          appKey: known.appKey,
          nsid,
          perms,
          isRevoked: false,
        };
  state.accessTokens.set(made.token, made);
  return made;
}

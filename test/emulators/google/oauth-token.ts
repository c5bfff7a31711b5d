import { createHash } from "node:crypto";
import { accessOf, isAlive } from "./bearer.js";
import { smallBody } from "./json-shape.js";
import { type Incoming, json, Refusal, type Reply, refuse, type World } from "./reply.js";
import { ACCESS_LIFE_S, issueAccess } from "./seed.js";
import { freshId, type Grant, type OAuthClient } from "./state.js";

const CODE_LIFE_MS = 10 * 60_000;
const TESTING_LIFE_S = 604_799;
/** More refresh tokens than these for one account and client: the oldest goes without a word. */
const MOST_GRANTS = 100;

const refusal = (status: number, error: string, description: string): Refusal =>
  new Refusal(json({ error, error_description: description }, status));

/** The form that was posted; Google takes nothing else here. */
async function formOf(request: Incoming): Promise<URLSearchParams> {
  const bytes = await smallBody(request);
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    throw refusal(400, "invalid_request", "Missing header: Content-Type application/x-www-form-urlencoded");
  }
  return new URLSearchParams(bytes.toString("utf8"));
}

function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") {
    throw refusal(
      400,
      "invalid_request",
      name === "client_secret" ? "client_secret is missing." : `Missing required parameter: ${name}`,
    );
  }
  return value;
}

function clientOf(form: URLSearchParams, world: World): OAuthClient {
  const id = needed(form, "client_id");
  const client = world.state.clients.find((one) => one.id === id);
  if (client === undefined) throw refusal(401, "invalid_client", "The OAuth client was not found.");
  if (needed(form, "client_secret") !== client.secret) throw refusal(401, "invalid_client", "Unauthorized");
  return client;
}

function tokens(grant: Grant, world: World, isFirst: boolean): Reply {
  const access = issueAccess(world.state, grant, world.clock.nowMs());
  return json({
    access_token: access.token,
    expires_in: ACCESS_LIFE_S,
    ...(isFirst ? { refresh_token: grant.refreshToken } : {}),
    scope: grant.scopes.join(" "),
    token_type: "Bearer",
    ...(isFirst && grant.isTesting ? { refresh_token_expires_in: TESTING_LIFE_S } : {}),
  });
}

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

function checkVerifier(challenge: string | undefined, verifier: string | null): void {
  if (challenge === undefined) return;
  if (verifier === null) throw refusal(400, "invalid_grant", "Missing code verifier.");
  const made = createHash("sha256").update(verifier).digest("base64url");
  if (!VERIFIER.test(verifier) || made !== challenge) {
    throw refusal(400, "invalid_grant", "Invalid code verifier.");
  }
}

function dropOldest(world: World, clientId: string, email: string): void {
  const same = [...world.state.grants.values()].filter(
    (grant) => grant.clientId === clientId && grant.email === email && !grant.isRevoked,
  );
  for (const grant of same.slice(0, Math.max(0, same.length - MOST_GRANTS))) grant.isRevoked = true;
}

function exchange(form: URLSearchParams, client: OAuthClient, world: World): Reply {
  const { state, clock } = world;
  const code = state.codes.get(needed(form, "code"));
  const redirectUri = needed(form, "redirect_uri");
  if (code === undefined) throw refusal(400, "invalid_grant", "Malformed auth code.");
  if (code.usedBy !== undefined) {
    code.usedBy.isRevoked = true;
    throw refusal(400, "invalid_grant", "Bad Request");
  }
  if (code.clientId !== client.id) throw refusal(401, "unauthorized_client", "Unauthorized");
  if (clock.nowMs() - code.issuedMs > CODE_LIFE_MS) throw refusal(400, "invalid_grant", "Bad Request");
  if (code.redirectUri !== redirectUri) throw refusal(400, "redirect_uri_mismatch", "Bad Request");
  checkVerifier(code.challenge, form.get("code_verifier"));
  const grant: Grant = {
    refreshToken: freshId(state, "1//0", 60),
    clientId: client.id,
    email: code.email,
    scopes: code.scopes,
    grantedMs: clock.nowMs(),
    isTesting: client.publishing === "testing",
    lastUsedMs: clock.nowMs(),
    isRevoked: false,
  };
  code.usedBy = grant;
  state.grants.set(grant.refreshToken, grant);
  dropOldest(world, client.id, code.email);
  return tokens(grant, world, true);
}

function refresh(form: URLSearchParams, client: OAuthClient, world: World): Reply {
  const grant = world.state.grants.get(needed(form, "refresh_token"));
  if (grant === undefined) throw refusal(400, "invalid_grant", "Bad Request");
  if (grant.clientId !== client.id) throw refusal(401, "unauthorized_client", "Unauthorized");
  const now = world.clock.nowMs();
  if (!isAlive(grant, now)) throw refusal(400, "invalid_grant", "Token has been expired or revoked.");
  grant.lastUsedMs = now;
  return tokens(grant, world, false);
}

/** `POST /token`: exchanges a code, or refreshes. */
export async function token(request: Incoming, world: World): Promise<Reply> {
  const form = await formOf(request);
  const kind = form.get("grant_type");
  if (kind === null) throw refusal(400, "invalid_request", "Missing required parameter: grant_type");
  if (kind !== "authorization_code" && kind !== "refresh_token") {
    throw refusal(400, "unsupported_grant_type", `Invalid grant_type: ${kind}`);
  }
  const client = clientOf(form, world);
  return kind === "refresh_token" ? refresh(form, client, world) : exchange(form, client, world);
}

/** `POST /revoke` with a refresh or an access token: both end, and all else that came from the same consent. */
export async function revoke(request: Incoming, world: World): Promise<Reply> {
  const form = await formOf(request);
  const words = form.get("token") ?? request.query.get("token") ?? "";
  const grant = world.state.grants.get(words) ?? world.state.accessTokens.get(words)?.grant;
  if (grant === undefined || !isAlive(grant, world.clock.nowMs())) {
    throw refusal(400, "invalid_token", "Token expired or revoked");
  }
  grant.isRevoked = true;
  return json({});
}

/** `GET /v1/userinfo` of openidconnect.googleapis.com: who signed in, where `email` or `openid` was granted. */
export function userinfo(request: Incoming, world: World): Reply {
  const { grant } = accessOf(request, "openidconnect.googleapis.com", world);
  const mayKnow = grant.scopes.some(
    (scope) => scope === "openid" || scope === "email" || scope.endsWith("/userinfo.email"),
  );
  if (!mayKnow) throw refuse("PERMISSION_DENIED", "Request had insufficient authentication scopes.");
  const account = world.state.accounts.find(({ email }) => email === grant.email);
  return json({ sub: account?.sub ?? "", email: grant.email, email_verified: true });
}

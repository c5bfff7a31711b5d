import { errorInfo, type Incoming, Refusal, refuse, rpcError, type Signed, type World } from "./reply.js";
import type { AccessToken, Grant } from "./state.js";

const AUTH = "https://www.googleapis.com/auth/";
export const SCOPES = {
  append: `${AUTH}photoslibrary.appendonly`,
  read: `${AUTH}photoslibrary.readonly.appcreateddata`,
  edit: `${AUTH}photoslibrary.edit.appcreateddata`,
  picker: `${AUTH}photospicker.mediaitems.readonly`,
  drive: `${AUTH}drive.readonly`,
  driveMetadata: `${AUTH}drive.metadata.readonly`,
  driveFile: `${AUTH}drive.file`,
} as const;

/** Scopes that can still be asked for and no longer open anything since 31 March 2025. */
export const REMOVED_SCOPES = [
  `${AUTH}photoslibrary`,
  `${AUTH}photoslibrary.readonly`,
  `${AUTH}photoslibrary.sharing`,
] as const;

export const KNOWN_SCOPES: readonly string[] = [
  ...Object.values(SCOPES),
  ...REMOVED_SCOPES,
  "openid",
  "email",
  "profile",
  `${AUTH}userinfo.email`,
  `${AUTH}userinfo.profile`,
];

const DAY_MS = 24 * 3_600_000;
/** A refresh token that was not used for so long is dead; six months. */
const UNUSED_MS = 183 * DAY_MS;

/** Whether what the owner agreed to still holds. */
export function isAlive(grant: Grant, nowMs: number): boolean {
  if (grant.isRevoked || nowMs - grant.lastUsedMs > UNUSED_MS) return false;
  const isHarmless = grant.scopes.every((scope) => ["openid", "email", "profile"].includes(scope));
  return !grant.isTesting || isHarmless || nowMs - grant.grantedMs < 7 * DAY_MS;
}

function unauthenticated(reason: string, message: string, service: string): Refusal {
  const reply = rpcError("UNAUTHENTICATED", message, [errorInfo(reason, { service })], {
    "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  });
  return new Refusal(reply);
}

const EXPECTED =
  "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/** The token of the request where it is alive; throws the 401 that Google sends. */
export function accessOf(request: Incoming, service: string, world: World): AccessToken {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw unauthenticated(
      "CREDENTIALS_MISSING",
      `Request is missing required authentication credential. ${EXPECTED}`,
      service,
    );
  }
  const found = world.state.accessTokens.get(/^Bearer (\S+)$/.exec(header)?.[1] ?? "");
  if (found === undefined || found.grant.isRevoked || found.expiresMs <= world.clock.nowMs()) {
    const reason = found === undefined ? "ACCESS_TOKEN_TYPE_UNSUPPORTED" : "ACCESS_TOKEN_EXPIRED";
    throw unauthenticated(reason, `Request had invalid authentication credentials. ${EXPECTED}`, service);
  }
  return found;
}

/** The request with its token, where one of the scopes was granted and the API is switched on; throws 401 or 403 as Google does. */
export function signed(
  request: Incoming,
  service: string,
  method: string,
  scopes: readonly string[],
  world: World,
): Signed {
  const access = accessOf(request, service, world);
  const client = world.state.clients.find(({ id }) => id === access.grant.clientId);
  if (client?.disabledApis.includes(service)) {
    const project = client.id.split("-")[0] ?? "0";
    const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${project}`;
    throw refuse(
      "PERMISSION_DENIED",
      `${service} has not been used in project ${project} before or it is disabled. Enable it by visiting ${activationUrl} then retry.`,
      [errorInfo("SERVICE_DISABLED", { service, consumer: `projects/${project}`, activationUrl })],
    );
  }
  if (!scopes.some((scope) => access.grant.scopes.includes(scope))) {
    throw refuse("PERMISSION_DENIED", "Request had insufficient authentication scopes.", [
      errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", { service, method }),
    ]);
  }
  return { ...request, access };
}

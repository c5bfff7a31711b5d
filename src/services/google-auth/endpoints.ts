import { endpointOf } from "../../infra/http/service-address.js";

/** Where Google's sign-in lives. */
export interface GoogleEndpoints {
  readonly auth: string;
  readonly token: string;
  readonly revoke: string;
}

const TOKEN = "https://oauth2.googleapis.com/token";

/**
 * Google's sign-in addresses (https://developers.google.com/identity/protocols/oauth2/native-app), or those under `endpoints` of the
 * account. Where `token` is another one and `revoke` is not given, `revoke` stands beside it. Throws `config.endpoint`.
 */
export function googleEndpoints(
  account: string,
  endpoints: Readonly<Record<string, string>> | undefined,
): GoogleEndpoints {
  const token = endpointOf(account, endpoints, "token", TOKEN);
  return {
    auth: endpointOf(account, endpoints, "auth", "https://accounts.google.com/o/oauth2/v2/auth"),
    token,
    revoke: endpointOf(account, endpoints, "revoke", new URL("revoke", token).href),
  };
}

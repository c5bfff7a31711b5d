import { googleEndpoints } from "../google-auth/endpoints.js";
import { type GoogleTokens, googleTokens } from "../google-auth/tokens.js";
import type { ServiceContext } from "../service-context.js";
import type { GoogleAccess } from "./google-request.js";

/** The access tokens of a context's account; to be made once and shared. Throws `config.endpoint`. */
export function tokensOf(context: ServiceContext): GoogleTokens {
  const { account, secrets, fetch, time, signInPolicy } = context;
  const endpoints = googleEndpoints(account, context.endpoints);
  return googleTokens({ account, secrets, endpoints, fetch, time, policy: signInPolicy });
}

/** A Google account's access as its context says; tokens are renewed when they are needed. Throws `config.endpoint` (user). */
export function googleAccess(context: ServiceContext): GoogleAccess {
  const { account, fetch, policy, time } = context;
  const tokens = tokensOf(context);
  return { account, fetch, policy, time, token: (call, refused) => tokens.accessToken(call, refused) };
}

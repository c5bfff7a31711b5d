import { tokensOf } from "../google-auth/kits.js";
import type { ServiceContext } from "../service-context.js";
import type { GoogleAccess } from "./google-request.js";

/** A Google account's access as its context says; tokens are renewed when they are needed. Throws `config.endpoint` (user). */
export function googleAccess(context: ServiceContext): GoogleAccess {
  const { account, fetch, policy, time } = context;
  const tokens = tokensOf(context);
  return { account, fetch, policy, time, token: (call, refused) => tokens.accessToken(call, refused) };
}

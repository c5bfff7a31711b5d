import type { Call } from "../../ports/call.js";
import type { Permission } from "../assumption.js";
import type { ServiceContext } from "../service-context.js";
import { applicationOf, googleClient, tokenFailure } from "./client.js";
import { googleEndpoints } from "./endpoints.js";
import { googleScopes } from "./scopes.js";
import { withSignal } from "./sign-in.js";

/**
 * Which of the permissions that photosync needs the sign-in of an account holds now: one renewal, whose answer names them and whose token is kept
 * nowhere. Throws what a renewal throws (`GoogleTokens`).
 */
export async function grantedPermissions(
  { account, provider, secrets, endpoints, fetch, signInPolicy }: ServiceContext,
  call: Call,
): Promise<readonly Permission[]> {
  const { fields = null } = (await secrets.read(account)) ?? {};
  const application = applicationOf(account, fields);
  const addresses = googleEndpoints(account, endpoints);
  const attempted = { label: "the sign-in's renewal", lane: "read", isRepeatable: true } as const;
  const scope = await signInPolicy.run(
    attempted,
    async (attempt) => {
      const plain = withSignal(fetch, attempt);
      const client = await googleClient({ account, application, endpoints: addresses, fetch: plain });
      client.setCredentials({ refresh_token: fields?.["google_refresh_token"] ?? "" });
      try {
        return (await client.refreshAccessToken()).credentials.scope;
      } catch (error) {
        throw tokenFailure(error, account);
      }
    },
    call,
  );
  const granted = scope == null ? null : new Set(scope.split(/\s+/));
  return googleScopes(provider).map(({ scope: needed, allows }) => ({
    allows,
    isGranted: granted === null ? null : granted.has(needed),
  }));
}

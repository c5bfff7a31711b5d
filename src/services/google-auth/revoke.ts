import { statusFailure } from "../../infra/http/status-failure.js";
import type { Call } from "../../ports/call.js";
import type { Policy } from "../../ports/policy.js";
import type { GoogleEndpoints } from "./endpoints.js";

export interface Revocation {
  readonly account: string;
  readonly refreshToken: string;
  readonly endpoints: GoogleEndpoints;
  readonly fetch: typeof fetch;
  readonly policy: Policy;
  readonly nowMs: number;
}

/**
 * Ends a sign-in at Google, with all access tokens that came of it; one that has ended already counts as ended. The token goes in the
 * body: addresses are written into logs. Throws `<account>.unavailable`, `<account>.rate-limited` (transient), `<account>.refused` (user).
 */
export function revokeGoogle(revocation: Revocation, call: Call): Promise<void> {
  const { account, refreshToken, endpoints, fetch, policy, nowMs } = revocation;
  return policy.run(
    { label: "the sign-in's revocation", lane: "write", isRepeatable: true },
    async ({ signal }) => {
      const response = await fetch(endpoints.revoke, {
        method: "POST",
        body: new URLSearchParams({ token: refreshToken }),
        signal,
      });
      const said = await response.text();
      if (response.ok || (response.status === 400 && said.includes("invalid_token"))) return;
      const { status, headers } = response;
      throw statusFailure({ account, label: "the revocation", status, headers, said, nowMs });
    },
    call,
  );
}

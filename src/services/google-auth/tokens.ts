import { withDeadline } from "../../infra/http/attempt.js";
import { signInNeeded } from "../../infra/http/failures.js";
import type { Time } from "../../infra/http/time.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Policy } from "../../ports/policy.js";
import type { SecretFields, SecretStore } from "../../ports/secrets.js";
import { applicationOf, googleClient, tokenFailure } from "./client.js";
import type { GoogleEndpoints } from "./endpoints.js";
import { withSignal } from "./sign-in.js";
import { type AccessToken, grantedFields, keptAccessToken } from "./token-fields.js";

/** Access tokens of one Google account, to be shared by all who call its APIs. */
export interface GoogleTokens {
  /**
   * A token that is good for some minutes more. `refused`: one that a service has just answered with 401; it is not given again. Throws
   * `<account>.sign-in-needed` (auth), `<account>.unavailable` (transient), `cancelled`.
   */
  accessToken(call: Call, refused?: string): Promise<string>;
}

export interface GoogleTokensOptions {
  readonly account: string;
  readonly secrets: SecretStore;
  readonly endpoints: GoogleEndpoints;
  readonly fetch: typeof fetch;
  readonly time: Time;
  /** For the token endpoint alone: a task of another policy may wait for a token while it holds a place there. */
  readonly policy: Policy;
}

/** A token is renewed when it has less left than this: a long upload must not outlive it by much. */
const SPARE_MS = 5 * 60_000;

/**
 * Renews tokens in time, and only once at a time: callers of this process share one request, and other processes are kept out by
 * `SecretStore.update`, which shows what they have just fetched. Tokens of a sign-in from the environment stay in memory.
 */
export function googleTokens(options: GoogleTokensOptions): GoogleTokens {
  const { account, secrets, endpoints, fetch, time, policy } = options;
  let known: AccessToken | null = null;
  let renewing: Promise<AccessToken> | null = null;

  const isGood = (token: AccessToken | null, refused: string | undefined): token is AccessToken =>
    token !== null && token.token !== refused && token.expiresAtMs - time.nowMs() > SPARE_MS;

  const refreshed = async (fields: SecretFields | null, call: Call): Promise<SecretFields> => {
    const refresh = fields?.["google_refresh_token"];
    if (!refresh) throw signInNeeded(account, `Nobody is signed in to ${account} on this computer.`);
    const application = applicationOf(account, fields);
    const attempted = { label: "the sign-in's renewal", lane: "read", isRepeatable: true } as const;
    return policy.run(
      attempted,
      async (attempt) => {
        const client = await googleClient({
          account,
          application,
          endpoints,
          fetch: withSignal(fetch, attempt),
        });
        client.setCredentials({ refresh_token: refresh });
        try {
          const { credentials } = await client.refreshAccessToken();
          return grantedFields(account, credentials, fields);
        } catch (error) {
          throw tokenFailure(error, account);
        }
      },
      call,
    );
  };

  const renew = async (refused: string | undefined, call: Call): Promise<AccessToken> => {
    const found = await secrets.read(account);
    const renewed = async (now: SecretFields | null) => {
      const kept = now === null ? null : keptAccessToken(now);
      return now !== null && isGood(kept, refused) ? now : refreshed(now, call);
    };
    const fields =
      found?.origin === "environment" ? await renewed(found.fields) : await secrets.update(account, renewed);
    const token = keptAccessToken(fields);
    if (token === null) throw signInNeeded(account, `Google gave no usable sign-in for ${account}.`);
    return token;
  };

  return {
    async accessToken(call, refused) {
      for (;;) {
        throwIfAborted(call);
        if (isGood(known, refused)) return known.token;
        const mine = renewing === null;
        renewing ??= renew(refused, call).finally(() => {
          renewing = null;
        });
        try {
          const shared = renewing;
          known = await withDeadline(() => shared, null, time, call);
          // A token that lives shorter than what is to spare would be renewed for ever.
          if (known.token !== refused) return known.token;
        } catch (error) {
          // Another caller's abort ends its request, not ours.
          if (mine || call.signal.aborted || !isCancelled(error)) throw error;
        }
      }
    },
  };
}

const isCancelled = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "cancelled";

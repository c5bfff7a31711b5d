import { accountPolicy, USUAL_PATIENCE } from "../infra/http/account-policy.js";
import { Breaker } from "../infra/http/breaker.js";
import { DayCount } from "../infra/http/day-count.js";
import { mannersFor } from "../infra/http/manners.js";
import { serviceFetch } from "../infra/http/service-fetch.js";
import type { Time } from "../infra/http/time.js";
import type { Policy } from "../ports/policy.js";
import type { SecretStore } from "../ports/secrets.js";

/** What everything that talks to one account needs. Made once for a run and shared, so that its policy counts for all. */
export interface ServiceContext {
  /** The account's name in `config/services.json`. */
  readonly account: string;
  readonly provider: string;
  readonly endpoints: Readonly<Record<string, string>> | undefined;
  readonly secrets: SecretStore;
  readonly fetch: typeof fetch;
  readonly policy: Policy;
  /** For sign-in and its renewal: apart from the API's limits, and free to be waited for from within them. */
  readonly signInPolicy: Policy;
  readonly time: Time;
  /** Where an adapter may note what its next run has to know; never committed. Null for a dry run, which writes nothing. */
  readonly notesFolder: string | null;
}

export interface ServiceContextOptions {
  readonly account: string;
  readonly provider: string;
  readonly settings: {
    readonly endpoints?: Readonly<Record<string, string>>;
    readonly rate_limit?: Readonly<Record<string, number>>;
  };
  readonly secrets: SecretStore;
  readonly time: Time;
  readonly random: () => number;
  /** Where the day's counts are kept; null for nowhere. */
  readonly quotaFolder: string | null;
  /** See `ServiceContext`; null unless told. */
  readonly notesFolder?: string | null;
  /** True for a dry run, which counts its requests without writing anything down. */
  readonly isDry?: boolean;
  readonly userAgent: string;
}

/** Opens an account's context. Throws `config.rate-limit` (user). */
export function serviceContext(options: ServiceContextOptions): ServiceContext {
  const { account, provider, settings, secrets, time, random, quotaFolder, isDry, userAgent } = options;
  const manners = mannersFor(account, provider, settings.rate_limit);
  const count = new DayCount({
    folder: quotaFolder,
    onlyReads: isDry === true,
    account,
    zone: manners.dayZone,
    nowMs: () => time.nowMs(),
  });
  const uncounted = new DayCount({ folder: null, account, zone: "UTC", nowMs: () => time.nowMs() });
  const breaker = new Breaker(USUAL_PATIENCE.breaker);
  const signInManners = { ...manners, allowances: [{ requests: 5, windowMs: 1_000 }], perDay: null };
  return {
    account,
    provider,
    endpoints: settings.endpoints,
    secrets,
    fetch: serviceFetch({ account, userAgent, time }),
    policy: accountPolicy({ account, manners, time, random, count, breaker }),
    signInPolicy: accountPolicy({
      ...{ account, manners: signInManners, time, random },
      count: uncounted,
      // A request for photos waits for its access token.
      alsoFails: breaker,
    }),
    time,
    notesFolder: isDry === true ? null : (options.notesFolder ?? null),
  };
}

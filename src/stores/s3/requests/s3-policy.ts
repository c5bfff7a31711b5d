import { accountPolicy, type Patience, USUAL_PATIENCE } from "../../../infra/http/account-policy.js";
import type { Time } from "../../../infra/http/time.js";
import type { Policy } from "../../../ports/policy.js";
import { STORE_CODES } from "./s3-errors.js";

/** Small requests under way at once: a listing is one after the other, and those of as many transfers fit beside it. */
const SMALL_AT_ONCE = 32;

/** Making one object of 10,000 parts may take a server minutes. */
export const STORE_PATIENCE: Patience = {
  ...USUAL_PATIENCE,
  backoff: { firstMs: 300, longestMs: 20_000 },
  attemptMs: { read: 60_000, write: 300_000, bytes: null },
};

export interface StorePolicyOptions {
  readonly store: string;
  /** Transfers at once. */
  readonly concurrency: number;
  readonly time: Time;
  readonly random: () => number;
  readonly patience?: Patience | undefined;
}

/** One store's manners on the network: nothing is counted or spread, and a request to slow down makes all of them pause. */
export function storePolicy({
  store,
  concurrency,
  time,
  random,
  patience = STORE_PATIENCE,
}: StorePolicyOptions): Policy {
  return accountPolicy({
    account: STORE_CODES,
    title: `Store ${store}`,
    manners: {
      allowances: [],
      writeAllowances: [],
      perDay: null,
      dayZone: "UTC",
      atOnce: { read: SMALL_AT_ONCE, write: SMALL_AT_ONCE, bytes: concurrency },
      refusedPauseMs: patience.backoff.firstMs,
    },
    time,
    random,
    count: { used: () => 0, spend: () => {}, resetsAtMs: () => 0 },
    patience,
  });
}

import { accountPolicy, USUAL_PATIENCE } from "../../../src/infra/http/account-policy.js";
import { DayCount } from "../../../src/infra/http/day-count.js";
import { serviceFetch } from "../../../src/infra/http/service-fetch.js";
import { systemTime, type Time } from "../../../src/infra/http/time.js";
import type { GoogleAccess } from "../../../src/services/google-api/google-request.js";
import { randomFrom } from "../../faults/seeded.js";
import type { Sample } from "./sample.js";
import { issueAccess } from "./seed.js";
import { freshId } from "./state.js";

export const call = { signal: new AbortController().signal };

/** Time in which waiting takes none: the emulator's clock moves on instead. */
const hurried = (google: Sample, waits: number[]): Time => ({
  elapsedMs: () => google.nowMs(),
  nowMs: () => google.nowMs(),
  sleep: async (ms) => {
    waits.push(ms);
    google.clock.advance(ms);
  },
});

export interface Access extends GoogleAccess {
  /** What the policy waited for, in milliseconds. */
  readonly waits: readonly number[];
}

/** A client's access to the emulator under the real policy, whose waits cost nothing. Tokens are renewed as Google does. */
export function accessTo(google: Sample, account = "google-photos", writesAtOnce = 1): Access {
  const waits: number[] = [];
  const time = hurried(google, waits);
  const lanes = { read: 4, write: writesAtOnce, bytes: 4 };
  const zone = "America/Los_Angeles";
  let token = google.token;
  return {
    account,
    waits,
    time,
    fetch: serviceFetch({ account, userAgent: "photosync/test", time: systemTime }),
    token: async (_, refused) => {
      const grant = google.state.accessTokens.get(token)?.grant;
      if (refused === token && grant !== undefined && !grant.isRevoked) {
        token = issueAccess(google.state, grant, google.nowMs()).token;
      }
      return token;
    },
    policy: accountPolicy({
      account,
      manners: {
        allowances: [],
        writeAllowances: [],
        perDay: null,
        dayZone: zone,
        atOnce: lanes,
        refusedPauseMs: 30_000,
      },
      time,
      random: randomFrom(7),
      count: new DayCount({ folder: null, account, zone, nowMs: () => google.nowMs() }),
      // Deadlines would end at once in this kind of time.
      patience: { ...USUAL_PATIENCE, attemptMs: { read: null, write: null, bytes: null } },
    }),
  };
}

/** A token that no account has. */
export const strangeToken = (google: Sample): string => freshId(google.state, "ya29.", 80);

export async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/** Everything that a scan gives, by kind. */
export async function scanned<T extends { readonly kind: string }>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** The code of what was thrown; the test fails where nothing was. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  }
  throw new Error("nothing was thrown");
}

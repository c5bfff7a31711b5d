import { PhotosyncError } from "../../domain/errors.js";
import type { Attempted } from "../../ports/policy.js";
import type { Allowance } from "./pace.js";

export type Lane = Attempted["lane"];

/** How an account's service wants to be treated. */
export interface Manners {
  readonly allowances: readonly Allowance[];
  /** What `write` requests keep to besides. */
  readonly writeAllowances: readonly Allowance[];
  /** Requests of a day; null where the service counts none. */
  readonly perDay: number | null;
  /** The time zone at whose midnight the day's count begins again (IANA name). */
  readonly dayZone: string;
  /** How many requests of a lane may be under way at once. */
  readonly atOnce: Readonly<Record<Lane, number>>;
  /** What to wait at least after a refusal for too many requests that does not say how long. */
  readonly refusedPauseMs: number;
}

/** The names under `rate_limit` in `config/services.json`. */
const WINDOWS = {
  requests_per_second: 1_000,
  requests_per_minute: 60_000,
  requests_per_hour: 3_600_000,
} as const;
const PER_DAY = "requests_per_day";
const WRITES_PER_MINUTE = "writes_per_minute";

interface Defaults {
  readonly limits: Readonly<Record<string, number>>;
  readonly dayZone: string;
  readonly atOnce: Readonly<Record<Lane, number>>;
  readonly refusedPauseMs: number;
}

const PACIFIC = "America/Los_Angeles";

/**
 * Flickr: under 3,600 calls an hour for a key, everybody's together (https://www.flickr.com/services/developer/api/); image hosts
 * refuse clients that open many connections. Google Photos: 10,000 requests a day for a project, uploads included
 * (https://developers.google.com/photos/overview/api-limits-quotas); 30 writes a minute were the limit in refusals seen, one at a
 * time for a user; at least 30 s after a 429. Its day ends at midnight Pacific time.
 */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  flickr: {
    limits: { requests_per_second: 1, requests_per_hour: 3_600 },
    dayZone: "UTC",
    atOnce: { read: 2, write: 1, bytes: 2 },
    refusedPauseMs: 4_000,
  },
  "google-photos": {
    limits: { requests_per_second: 8, requests_per_day: 10_000, writes_per_minute: 30 },
    dayZone: PACIFIC,
    atOnce: { read: 4, write: 1, bytes: 4 },
    refusedPauseMs: 30_000,
  },
  "google-drive": {
    limits: { requests_per_second: 10 },
    dayZone: PACIFIC,
    atOnce: { read: 4, write: 1, bytes: 4 },
    refusedPauseMs: 5_000,
  },
};

const CAREFUL: Defaults = {
  limits: { requests_per_second: 1 },
  dayZone: "UTC",
  atOnce: { read: 2, write: 1, bytes: 2 },
  refusedPauseMs: 5_000,
};

/**
 * The manners towards a provider, with what `rate_limit` in `config/services.json` says put in the place of the default of that
 * name. Throws `config.rate-limit` (user) for names that mean nothing and for what is no positive number.
 */
export function mannersFor(
  account: string,
  provider: string,
  configured: Readonly<Record<string, number>> = {},
): Manners {
  const defaults = DEFAULTS[provider] ?? CAREFUL;
  refuseUnknown(account, configured);
  const limits: Readonly<Record<string, number>> = { ...defaults.limits, ...configured };
  const allowances = Object.entries(WINDOWS).flatMap(([name, windowMs]) => {
    const requests = limits[name];
    return requests === undefined ? [] : [{ requests, windowMs }];
  });
  const writes = limits[WRITES_PER_MINUTE];
  return {
    allowances,
    writeAllowances: writes === undefined ? [] : [{ requests: writes, windowMs: 60_000 }],
    perDay: limits[PER_DAY] ?? null,
    dayZone: defaults.dayZone,
    atOnce: defaults.atOnce,
    refusedPauseMs: defaults.refusedPauseMs,
  };
}

function refuseUnknown(account: string, configured: Readonly<Record<string, number>>): void {
  const known = [...Object.keys(WINDOWS), PER_DAY, WRITES_PER_MINUTE];
  const wrong = Object.entries(configured).filter(
    ([name, value]) => !known.includes(name) || !Number.isFinite(value) || value <= 0,
  );
  if (wrong.length === 0) return;
  throw new PhotosyncError({
    kind: "user",
    code: "config.rate-limit",
    message: `rate_limit of ${account} in config/services.json cannot be used: ${wrong.map(([name]) => name).join(", ")}.`,
    next: [`Use only these names, each with a number over 0: ${known.join(", ")}.`],
  });
}

import type { Call } from "./call.js";

/** What may be done when a request fails. */
export interface Attempted {
  /** For reports and for the circuit breaker: `photos.search`. */
  readonly label: string;
  /** `write` requests queue apart from reads and are slower; `bytes` moves media and has no deadline as a whole, only one for silence. */
  readonly lane: "read" | "write" | "bytes";
  /** True where sending it again does no harm. Others are repeated only where the failure proves that nothing was done. */
  readonly isRepeatable: boolean;
  /** How many requests of the account's quota one attempt costs; 1 unless told. */
  readonly cost?: number;
}

/**
 * One account's manners on the network, shared by everything that talks to it. From outer to inner: overall deadline, retry with
 * jittered backoff (a `Retry-After` beats it), circuit breaker, quota of the day, rate limit (paid by every attempt), time-out of an
 * attempt. Retries only errors of the kind `transient`; never 400, 401, 403, 404, 410 or 422.
 */
export interface Policy {
  run<T>(attempted: Attempted, task: (call: Call, attempt: number) => Promise<T>, call: Call): Promise<T>;
  /** What was used of the day's quota, and what it is; null where the service has none. */
  quota(): { readonly used: number; readonly perDay: number; readonly resetsAt: string } | null;
}

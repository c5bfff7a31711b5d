/** Where repeating begins, and what a delay never exceeds. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait after the `attempt`-th failure (from 1): anything from nothing up to a bound that doubles each time, so that
 * clients that failed together do not come back together ("full jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `random` gives [0, 1).
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
}

/**
 * What a `Retry-After` header asks for, in milliseconds from `nowMs`: whole seconds or an HTTP date (RFC 9110, 10.2.3). Null
 * where there is none or it means nothing. A date in the past is 0.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Only real dates: `Date.parse` also takes "-5" and other things that no server means as a time.
  if (!/^[A-Z][a-z]+,? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

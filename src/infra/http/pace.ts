/** At most so many requests in any stretch of time of that length. */
export interface Allowance {
  readonly requests: number;
  readonly windowMs: number;
}

/** In windows of this length and more a tenth may go out at once; shorter ones are spread evenly. */
const BURST_WINDOW_MS = 60_000;

/** One allowance as a token bucket, kept as the time at which the bucket would be full again. */
class Bucket {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor({ requests, windowMs }: Allowance) {
    const burst = windowMs >= BURST_WINDOW_MS ? Math.max(1, Math.floor(requests / 10)) : 1;
    // A full bucket and what drips in during a window are together no more than the allowance.
    this.#intervalMs = windowMs / (requests - burst + 1);
    this.#slackMs = this.#intervalMs * (burst - 1);
  }

  /** The earliest time for the next request. */
  earliest(now: number): number {
    return Math.max(now, this.#fullAt - this.#slackMs);
  }

  spend(at: number, cost: number): void {
    this.#fullAt = Math.max(at, this.#fullAt) + this.#intervalMs * cost;
  }
}

/**
 * Spreads requests so that no allowance is ever exceeded. Places are given out in the order of asking, each once, so all who
 * share a pace together keep to it. Times are milliseconds of any clock that only goes forward.
 */
export class Pace {
  readonly #buckets: readonly Bucket[];

  constructor(allowances: readonly Allowance[]) {
    this.#buckets = allowances.map((one) => new Bucket(one));
  }

  /**
   * How long from `now` until a request that costs `cost` may go out. Its place is taken, unless it would have to wait longer
   * than `longestMs`.
   */
  take(now: number, cost: number, longestMs: number): number {
    const at = this.#buckets.reduce((latest, bucket) => Math.max(latest, bucket.earliest(now)), now);
    if (at - now <= longestMs) for (const bucket of this.#buckets) bucket.spend(at, cost);
    return at - now;
  }
}

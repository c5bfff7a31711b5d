import { PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { Attempted, Policy } from "../../ports/policy.js";
import { throwIfAborted } from "../until-aborted.js";
import { withDeadline } from "./attempt.js";
import { type Backoff, backoffMs } from "./backoff.js";
import { Breaker, type BreakerSettings } from "./breaker.js";
import type { DayCount } from "./day-count.js";
import {
  isQuotaUsedUp,
  isRateLimited,
  provesNothingDone,
  quotaUsedUp,
  rateLimited,
  retryAfterOf,
  unavailable,
} from "./failures.js";
import { gaveUp } from "./gave-up.js";
import type { Lane, Manners } from "./manners.js";
import { Pace } from "./pace.js";
import { Slots } from "./slots.js";
import { type Time, timestamp } from "./time.js";

/** How patient an account's requests are. */
export interface Patience {
  /** Attempts of one request, the first included. */
  readonly attempts: number;
  /** The most that one request waits between its attempts, all together; what would take longer is given up with the time to come back. */
  readonly waitMs: number;
  /** The most that one request waits for its turn under the rate limit. */
  readonly turnMs: number;
  readonly backoff: Backoff;
  /** How long one attempt may take, by lane; null where only silence ends it. */
  readonly attemptMs: Readonly<Record<Lane, number | null>>;
  readonly breaker: BreakerSettings;
}

export const USUAL_PATIENCE: Patience = {
  attempts: 6,
  waitMs: 120_000,
  turnMs: 300_000,
  backoff: { firstMs: 1_000, longestMs: 60_000 },
  attemptMs: { read: 60_000, write: 120_000, bytes: null },
  breaker: { failures: 8, firstBreakMs: 5_000, longestBreakMs: 300_000, hopeMs: 25_000 },
};

export interface AccountPolicyOptions {
  readonly account: string;
  /** What people call it; the account's name unless given. */
  readonly title?: string;
  readonly manners: Manners;
  readonly time: Time;
  /** [0, 1). */
  readonly random: () => number;
  readonly count: Pick<DayCount, "used" | "spend" | "resetsAtMs">;
  readonly patience?: Patience;
  /** The breaker to go by, where others tell it of failures, too; one of its own unless given. */
  readonly breaker?: Breaker;
  /** The breaker of requests that wait for these: it learns at once of each failure, not only when these have been given up. */
  readonly alsoFails?: Breaker;
}

/**
 * One account's manners on the network, to be made once and shared by all who talk to it. Adds to what `Policy` promises: one
 * refusal for too many requests makes all of them pause, `write` requests go one at a time, and a service that stays down is asked
 * again only now and then, so that the other requests fail at once instead of waiting in vain (`isDown`). A task must not run another one of its own lane.
 *
 * Throws `<account>.unavailable`, `<account>.rate-limited` and `<account>.quota-used-up` (transient, with `data.retryAt`), `cancelled`,
 * and what the task throws.
 */
export function accountPolicy(options: AccountPolicyOptions): Policy {
  return new AccountPolicy(options);
}

class AccountPolicy implements Policy {
  readonly #options: AccountPolicyOptions;
  readonly #patience: Patience;
  readonly #breaker: Breaker;
  readonly #pace: Pace;
  readonly #writePace: Pace;
  readonly #slots: Readonly<Record<Lane, Slots>>;
  /** By `elapsedMs`. */
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: AccountPolicyOptions) {
    const { manners, patience = USUAL_PATIENCE } = options;
    this.#options = options;
    this.#patience = patience;
    this.#breaker = options.breaker ?? new Breaker(patience.breaker);
    this.#pace = new Pace(manners.allowances);
    this.#writePace = new Pace(manners.writeAllowances);
    this.#slots = {
      read: new Slots(manners.atOnce.read),
      write: new Slots(manners.atOnce.write),
      bytes: new Slots(manners.atOnce.bytes),
    };
  }

  quota(): ReturnType<Policy["quota"]> {
    const { manners, count } = this.#options;
    if (manners.perDay === null) return null;
    return { used: count.used(), perDay: manners.perDay, resetsAt: timestamp(count.resetsAtMs()) };
  }

  async run<T>(
    attempted: Attempted,
    task: (call: Call, attempt: number) => Promise<T>,
    call: Call,
  ): Promise<T> {
    const { time } = this.#options;
    let sent = 0;
    let waitedMs = 0;
    const send = (attemptCall: Call) => {
      sent += 1;
      return task(attemptCall, sent);
    };
    for (;;) {
      try {
        return await this.#slots[attempted.lane].run(() => this.#attempt(attempted, send, call), call);
      } catch (error) {
        throwIfAborted(call);
        if (!mayRepeat(error, attempted)) throw error;
        const asked = retryAfterOf(error);
        const hopeMs = asked === null ? this.#breaker.hopeMs(time.elapsedMs()) : Number.POSITIVE_INFINITY;
        const delayMs = asked ?? Math.min(hopeMs, this.#backoffMs(error, Math.max(1, sent)));
        const isTooMuch = sent >= this.#patience.attempts || waitedMs + delayMs > this.#patience.waitMs;
        if (hopeMs <= 0 || isTooMuch) {
          throw gaveUp(error, sent, this.#comeBackAtMs(delayMs), { isDown: hopeMs <= 0 });
        }
        waitedMs += delayMs;
        await time.sleep(delayMs, call);
      }
    }
  }

  async #attempt<T>(attempted: Attempted, send: (call: Call) => Promise<T>, call: Call): Promise<T> {
    const { account, title = account, manners, time, count } = this.#options;
    const { label, lane, cost = 1 } = attempted;
    this.#passBreaker();
    try {
      this.#passQuota(cost);
      await this.#awaitTurn(attempted, call);
    } catch (error) {
      this.#breaker.abandoned();
      throw error;
    }
    if (manners.perDay !== null) count.spend(cost);
    const ms = this.#patience.attemptMs[lane];
    const error = () =>
      unavailable({
        account,
        message: `${title} did not answer ${label} within ${Math.round((ms ?? 0) / 1000)} s.`,
      });
    try {
      const result = await withDeadline(send, ms === null ? null : { ms, error }, time, call);
      this.#breaker.succeeded();
      return result;
    } catch (error) {
      if (call.signal.aborted) this.#breaker.abandoned();
      else this.#learnFrom(error);
      throw error;
    }
  }

  /** Throws what can be waited for while the service is down, and what cannot when it has been so for long. */
  #passBreaker(): void {
    const { account, title = account, time } = this.#options;
    const admission = this.#breaker.admit(time.elapsedMs());
    if (admission.kind === "go") return;
    const error = unavailable({
      account,
      message: `${title} is down: the last requests all failed.`,
      nothingDone: true,
      retryAfterMs: admission.forMs,
    });
    if (admission.forMs <= this.#breaker.hopeMs(time.elapsedMs())) throw error;
    throw gaveUp(error, 0, this.#comeBackAtMs(admission.forMs), { isDown: true });
  }

  #passQuota(cost: number): void {
    const { account, manners, count } = this.#options;
    if (manners.perDay !== null && count.used() + cost > manners.perDay) {
      throw quotaUsedUp(
        account,
        count.resetsAtMs(),
        `Today's ${manners.perDay} requests to ${account} are used up.`,
      );
    }
  }

  async #awaitTurn({ lane, cost = 1 }: Attempted, call: Call): Promise<void> {
    const { account, title = account, time } = this.#options;
    const { turnMs } = this.#patience;
    const wait = async (ms: number) => {
      if (ms > turnMs) {
        throw rateLimited({ account, message: `${title} takes no more requests now.`, retryAfterMs: ms });
      }
      if (ms > 0) await time.sleep(ms, call);
    };
    const pacing = (pace: Pace) => wait(pace.take(time.elapsedMs(), cost, turnMs));
    do {
      await wait(this.#pausedUntil - time.elapsedMs());
      if (lane === "write") await pacing(this.#writePace);
      await pacing(this.#pace);
    } while (this.#pausedUntil > time.elapsedMs());
  }

  /** What a failure tells of the service. */
  #learnFrom(error: unknown): void {
    const { manners, time, alsoFails } = this.#options;
    const isTransient = error instanceof PhotosyncError && error.kind === "transient";
    if (isTransient && !isRateLimited(error) && !isQuotaUsedUp(error)) {
      this.#breaker.failed(time.elapsedMs());
      alsoFails?.failed(time.elapsedMs());
      return;
    }
    this.#breaker.succeeded();
    if (isTransient && isRateLimited(error)) this.#pauseAll(retryAfterOf(error) ?? manners.refusedPauseMs);
  }

  #pauseAll(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.time.elapsedMs() + ms);
  }

  #backoffMs(error: PhotosyncError, attempt: number): number {
    const { manners, random } = this.#options;
    const jittered = backoffMs(attempt, this.#patience.backoff, random);
    return isRateLimited(error) ? manners.refusedPauseMs + jittered : jittered;
  }

  #comeBackAtMs(delayMs: number): number {
    return this.#options.time.nowMs() + Math.max(delayMs, this.#patience.backoff.longestMs);
  }
}

/** Whether sending again may help and can do no harm. What says when to come back was given up already. */
function mayRepeat(error: unknown, { isRepeatable }: Attempted): error is PhotosyncError {
  if (!(error instanceof PhotosyncError) || error.kind !== "transient") return false;
  if (isQuotaUsedUp(error) || error.data["retryAt"] !== undefined) return false;
  return isRepeatable || provesNothingDone(error);
}

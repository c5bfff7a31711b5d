export interface BreakerSettings {
  /** So many failures in a row, and the service counts as down. */
  readonly failures: number;
  /** How long nothing is sent then; doubles each time the service is found to be down still. */
  readonly firstBreakMs: number;
  readonly longestBreakMs: number;
  /** The longest that a service which fails every request is hoped for, from the first failure in the row. */
  readonly hopeMs: number;
}

/** Fewer failures in a row prove nothing, however long each took. */
const LEAST_FAILURES_OF_AN_OUTAGE = 3;

export type Admission =
  | { readonly kind: "go" }
  /** Nothing is to be sent for so long. */
  | { readonly kind: "wait"; readonly forMs: number };

/**
 * Spares a service that is down, and those who wait for it: after a number of failures in a row nothing is sent for a while, then
 * one request is let through to see. Time is an argument, and of a clock that never jumps: a wall clock set back a year would keep
 * a breaker open for a year.
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  #failuresInARow = 0;
  #failingSince = 0;
  #isDown = false;
  #closedUntil = 0;
  #breakMs = 0;
  #probing = false;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
  }

  /** Whether a request may go out now. Each `go` is followed by one of `succeeded`, `failed` and `abandoned`. */
  admit(now: number): Admission {
    if (!this.#isDown) return { kind: "go" };
    if (now < this.#closedUntil) return { kind: "wait", forMs: this.#closedUntil - now };
    if (this.#probing) return { kind: "wait", forMs: this.#settings.firstBreakMs };
    this.#probing = true;
    return { kind: "go" };
  }

  /** How long waiting for the service makes sense yet: 0 or less where it has failed everybody for too long, no end where it has not. */
  hopeMs(now: number): number {
    if (this.#failuresInARow < LEAST_FAILURES_OF_AN_OUTAGE) return Number.POSITIVE_INFINITY;
    return this.#settings.hopeMs - (now - this.#failingSince);
  }

  /** The service answered, be it with a refusal. */
  succeeded(): void {
    this.#failuresInARow = 0;
    this.#isDown = false;
    this.#breakMs = 0;
    this.#probing = false;
  }

  /** It did not answer, or said that it cannot. */
  failed(now: number): void {
    if (this.#failuresInARow === 0) this.#failingSince = now;
    this.#failuresInARow += 1;
    const wasProbing = this.#probing;
    this.#probing = false;
    if (!this.#isDown) {
      if (this.#failuresInARow < this.#settings.failures && this.hopeMs(now) > 0) return;
      this.#isDown = true;
    } else if (!wasProbing) return;
    this.#breakMs = Math.min(
      Math.max(this.#settings.firstBreakMs, this.#breakMs * 2),
      this.#settings.longestBreakMs,
    );
    this.#closedUntil = now + this.#breakMs;
  }

  /** Nothing was learned: the request was not sent, or ended by an abort. */
  abandoned(): void {
    this.#probing = false;
  }
}

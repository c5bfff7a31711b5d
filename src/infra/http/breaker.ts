export interface BreakerSettings {
  /** So many failures in a row, and the service counts as down. */
  readonly failures: number;
  /** How long nothing is sent then; doubles each time the service is found to be down still. */
  readonly firstBreakMs: number;
  readonly longestBreakMs: number;
}

export type Admission =
  | { readonly kind: "go" }
  /** Nothing is to be sent for so long. `downForMs`: since when the service has been down. */
  | { readonly kind: "wait"; readonly forMs: number; readonly downForMs: number };

/**
 * Spares a service that is down, and those who wait for it: after a number of failures in a row nothing is sent for a while, then
 * one request is let through to see. Time is an argument, and of a clock that never jumps: a wall clock set back a year would keep
 * a breaker open for a year.
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  #failuresInARow = 0;
  #downSince: number | null = null;
  #closedUntil = 0;
  #breakMs = 0;
  #probing = false;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
  }

  /** Whether a request may go out now. Each `go` is followed by one of `succeeded`, `failed` and `abandoned`. */
  admit(now: number): Admission {
    if (this.#downSince === null) return { kind: "go" };
    const downForMs = now - this.#downSince;
    if (now < this.#closedUntil) return { kind: "wait", forMs: this.#closedUntil - now, downForMs };
    if (this.#probing) return { kind: "wait", forMs: this.#settings.firstBreakMs, downForMs };
    this.#probing = true;
    return { kind: "go" };
  }

  /** The service answered, be it with a refusal. */
  succeeded(): void {
    this.#failuresInARow = 0;
    this.#downSince = null;
    this.#breakMs = 0;
    this.#probing = false;
  }

  /** It did not answer, or said that it cannot. */
  failed(now: number): void {
    this.#failuresInARow += 1;
    const wasProbing = this.#probing;
    this.#probing = false;
    if (this.#downSince === null) {
      if (this.#failuresInARow < this.#settings.failures) return;
      this.#downSince = now;
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

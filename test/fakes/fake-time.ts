import type { Time } from "../../src/infra/http/time.js";
import { cancelled, throwIfAborted } from "../../src/infra/until-aborted.js";

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that stands still until a test moves it. */
export class FakeTime implements Time {
  readonly #startMs: number;
  readonly #sleepers = new Set<Sleeper>();
  #elapsed = 0;

  constructor(start = "2026-11-21T12:00:00Z") {
    this.#startMs = Date.parse(start);
  }

  elapsedMs(): number {
    return this.#elapsed;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsed;
  }

  async sleep(ms: number, call: { readonly signal: AbortSignal }): Promise<void> {
    throwIfAborted(call);
    await new Promise<void>((resolve, reject) => {
      const sleeper: Sleeper = { at: this.#elapsed + Math.max(0, ms), wake: () => finish(resolve) };
      const stop = () => finish(() => reject(cancelled(call)));
      const finish = (then: () => void) => {
        this.#sleepers.delete(sleeper);
        call.signal.removeEventListener("abort", stop);
        then();
      };
      call.signal.addEventListener("abort", stop, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets so much time pass; whoever sleeps wakes in order, and does what it can before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > end) break;
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.wake();
      await settle();
    }
    this.#elapsed = end;
  }

  /** Lets time pass from one sleeper to the next until a promise is settled, and gives what became of it. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    await settle();
    while (!settled) {
      const next = this.#next();
      if (next === undefined) throw new Error("nobody sleeps, and the promise is not settled");
      await this.advance(next.at - this.#elapsed);
    }
    return promise;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything run that waits for nothing but promises; far more turns than any chain of them here has links. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

import { setMaxListeners } from "node:events";
import type { Call } from "../../ports/call.js";
import { cancelled, throwIfAborted } from "../until-aborted.js";

/** Lets so many run at once; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Runs `task` when there is room. Throws `cancelled` when the call is aborted while waiting. */
  async run<T>(task: () => Promise<T>, call: Call): Promise<T> {
    await this.#enter(call);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(call: Call): Promise<void> {
    throwIfAborted(call);
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    // As many as there are requests waiting, which others bound: Node's warning of a leak at eleven is meant for none of them.
    setMaxListeners(0, call.signal);
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(enter);
        reject(cancelled(call));
      };
      const enter = () => {
        call.signal.removeEventListener("abort", onAbort);
        resolve();
      };
      call.signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(enter);
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}

import { readingError } from "./archive-errors.js";

/** An entry's bytes in a stream that moves on: to be had once and only while the pass stands at it. */
export class PassingEntry {
  #state: "here" | "opened" | "passed" = "here";
  #last: Promise<unknown> = Promise.resolve();
  readonly #reader: AsyncIterator<unknown>;
  readonly #shown: string;

  constructor(stream: AsyncIterable<unknown>, shown: string) {
    // One reader for all, never closed: closing an entry's stream would tear down the whole archive's.
    this.#reader = stream[Symbol.asyncIterator]();
    this.#shown = shown;
  }

  /** The bytes. Throws `archive.passed-by`; `archive.truncated` where the archive breaks off. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    if (this.#state !== "here") throw this.#passedBy();
    this.#state = "opened";
    for (;;) {
      let step: IteratorResult<unknown>;
      try {
        step = await this.#next();
      } catch (cause) {
        throw readingError("archive.truncated", `${this.#shown} breaks off in the middle.`, cause);
      }
      if (this.#isPassed()) throw this.#passedBy();
      if (step.done === true) return;
      if (step.value instanceof Uint8Array) yield step.value;
      if (this.#isPassed()) throw this.#passedBy();
    }
  }

  /** Moves on beyond this entry, reading what nobody wanted. Resolves also where the archive breaks off. */
  async pass(): Promise<void> {
    this.#state = "passed";
    try {
      while ((await this.#next()).done !== true);
    } catch {
      // The archive's own iteration ends with the same error and reports it once.
    }
  }

  #isPassed(): boolean {
    return this.#state === "passed";
  }

  #next(): Promise<IteratorResult<unknown>> {
    const step = this.#last.then(() => this.#reader.next());
    this.#last = step.catch(() => {});
    return step;
  }

  #passedBy(): Error {
    const message = `${this.#shown} was opened late or twice: entries of a tar are read once, in order.`;
    return readingError("archive.passed-by", message);
  }
}

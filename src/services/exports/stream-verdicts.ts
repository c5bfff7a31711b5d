import type { Examined, StreamAccount } from "../../ports/photo-source.js";

/** The verdict on every stream of one grouping, by the stream's position; the first verdict given stands. */
export class StreamVerdicts {
  readonly #examined: readonly Examined[];
  readonly #verdicts: (Pick<StreamAccount, "verdict" | "detail"> | undefined)[];

  constructor(examined: readonly Examined[]) {
    this.#examined = examined;
    this.#verdicts = new Array(examined.length).fill(undefined);
  }

  settle(streams: readonly number[], verdict: StreamAccount["verdict"], detail: string): void {
    const settled = { verdict, detail };
    for (const stream of streams) this.#verdicts[stream] ??= settled;
  }

  /** One account for each stream, in the order in which the streams were given. */
  *accounts(): Iterable<StreamAccount> {
    for (const [index, { location, sizeBytes }] of this.#examined.entries()) {
      const settled = this.#verdicts[index] ?? { verdict: "unexplained", detail: "nothing tells what it is" };
      yield { kind: "stream", location, sizeBytes, ...settled };
    }
  }
}

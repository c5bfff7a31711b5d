import { describe, expect, it } from "vitest";
import { inParallel } from "../../../src/phases/in-parallel.js";

const call = { signal: new AbortController().signal };
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

async function collect<R>(
  results: AsyncIterable<R>,
): Promise<{ readonly got: R[]; readonly error: unknown }> {
  const got: R[] = [];
  try {
    for await (const result of results) got.push(result);
  } catch (error) {
    return { got, error };
  }
  return { got, error: null };
}

describe("inParallel", () => {
  it("runs at most the limit at once, and yields every result", async () => {
    let atWork = 0;
    let most = 0;
    const { got } = await collect(
      inParallel([1, 2, 3, 4, 5, 6, 7], 3, call, async function* (n) {
        most = Math.max(most, ++atWork);
        await tick();
        yield n;
        yield -n;
        atWork--;
      }),
    );
    expect(most).toBe(3);
    expect(got.sort((a, b) => a - b)).toEqual([-7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("yields nothing for no items", async () => {
    expect((await collect(inParallel([], 3, call, async function* () {}))).got).toEqual([]);
  });

  it("takes an item only when there is room for it", async () => {
    let taken = 0;
    function* items() {
      for (; taken < 100; ) yield ++taken;
    }
    for await (const _ of inParallel(items(), 2, call, async function* (n) {
      await tick();
      yield n;
    })) {
      break;
    }
    expect(taken).toBeLessThan(10);
  });

  it("throws a task's error after the results of the others, and starts no more", async () => {
    const started: number[] = [];
    const { got, error } = await collect(
      inParallel([1, 2, 3, 4], 2, call, async function* (n) {
        started.push(n);
        await tick();
        if (n === 1) throw new RangeError("one");
        await tick();
        yield n;
      }),
    );
    expect(error).toBeInstanceOf(RangeError);
    expect(started).toEqual([1, 2]);
    expect(got).toEqual([2]);
  });

  it("aborts its tasks when the reader leaves, and waits for them", async () => {
    const seen: boolean[] = [];
    for await (const _ of inParallel([1, 2], 2, call, async function* (n, { signal }) {
      if (n === 1) yield n;
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await tick();
      seen.push(signal.aborted);
    })) {
      break;
    }
    expect(seen).toContain(true);
  });
});

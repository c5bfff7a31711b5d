import { expect, test } from "vitest";
import {
  agreeOnKey,
  ELECTION,
  type SharedGround,
} from "../../../../../src/stores/s3/sealing/agree-on-key.js";

const call = { signal: new AbortController().signal };
const KEY = "key.age";

/** Whose turn it is: one of the computers that wait for one, or none any more. */
type Schedule = (waiting: readonly number[]) => number | null;

interface Outcome {
  /** With which key each computer that came to its end would seal, at that moment. */
  readonly used: readonly string[];
  /** Every key file that ever stood, one after the other. */
  readonly stood: readonly string[];
  readonly left: readonly string[];
  readonly steps: number;
}

/** Several computers on one ground, of which at each moment one alone does its next request, as a schedule says. */
async function play(computers: number, schedule: Schedule): Promise<Outcome> {
  const objects = new Map<string, string>();
  const stood: string[] = [];
  const used: string[] = [];
  const waiting = new Map<number, () => void>();
  let arrived = () => {};
  const turnOf = (who: number) =>
    new Promise<void>((go) => {
      waiting.set(who, go);
      arrived();
    });
  const groundOf = (who: number): SharedGround => {
    const inTurn = async <T>(deed: () => T): Promise<T> => {
      await turnOf(who);
      return deed();
    };
    return {
      // The later the computer, the lower it ranks, and the other way round.
      self: String(who % 2 === 0 ? 50 + who : 50 - who).padStart(16, "0"),
      put: (name, bytes) =>
        inTurn(() => {
          const text = Buffer.from(bytes).toString();
          objects.set(name, text);
          if (name === KEY) stood.push(text);
        }),
      read: (name) =>
        inTurn(() => {
          const text = objects.get(name);
          return text === undefined ? null : new TextEncoder().encode(text);
        }),
      names: () => inTurn(() => [...objects.keys()].filter((name) => name.startsWith(ELECTION))),
      remove: (name) =>
        inTurn(() => {
          objects.delete(name);
        }),
      settle: async () => {},
      yieldToOthers: () => inTurn(() => {}),
    };
  };
  const running = new Set<number>();
  const failures: unknown[] = [];
  const next = () =>
    new Promise<void>((resolve) => {
      arrived = resolve;
    });
  for (let who = 0; who < computers; who++) {
    const begun = next();
    running.add(who);
    agreeOnKey(new TextEncoder().encode(`key of ${who}`), groundOf(who), call)
      .then(() => used.push(objects.get(KEY) ?? "none"))
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        running.delete(who);
        arrived();
      });
    await begun;
  }
  let steps = 0;
  while (running.size > 0) {
    const who = schedule([...waiting.keys()].sort());
    if (who === null) break;
    const go = waiting.get(who);
    waiting.delete(who);
    const done = next();
    go?.();
    await done;
    steps++;
  }
  expect(failures).toEqual([]);
  return { used, stood, left: [...objects.keys()], steps };
}

function expectOneKey({ used, stood }: Outcome): void {
  expect(new Set(stood).size).toBeLessThanOrEqual(1);
  for (const key of used) expect(key).toBe(stood[0]);
}

/** Goes on with the same computer, but for changes of turns at these steps, each to one of those that wait besides. */
function changing(changes: ReadonlyMap<number, number>): Schedule {
  let now = 0;
  let step = 0;
  return (waiting) => {
    const change = changes.get(step++);
    if (change !== undefined) now = waiting.filter((who) => who !== now)[change] ?? now;
    if (!waiting.includes(now)) now = waiting[0] ?? 0;
    return now;
  };
}

/** All ways of changing turns at most so often in the first steps, among so many computers. */
function* changesOf(most: number, steps: number, others: number, from = 0): Generator<Map<number, number>> {
  yield new Map();
  if (most === 0) return;
  for (let at = from; at < steps; at++)
    for (let to = 0; to < others; to++)
      for (const rest of changesOf(most - 1, steps, others, at + 1)) yield new Map([[at, to], ...rest]);
}

test("one computer alone makes its key, and leaves nothing else", async () => {
  const { used, left, steps } = await play(1, changing(new Map()));
  expect(used).toEqual(["key of 0"]);
  expect(left).toEqual([KEY]);
  expect(steps).toBeLessThan(20);
});

test.each([
  [2, 3],
  [3, 2],
])(
  "of %i computers whose turns change %i times, at whatever steps, all use one key",
  async (computers, most) => {
    let schedules = 0;
    for (const changes of changesOf(most, 26, computers - 1)) {
      const outcome = await play(computers, changing(changes));
      expectOneKey(outcome);
      expect(outcome.used).toHaveLength(computers);
      schedules++;
    }
    expect(schedules).toBeGreaterThan(1000);
  },
);

/** Small and the same everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return (((state >>> 8) % sides) + sides) % sides;
  };
}

test("of four computers in any order, of which some are switched off at any step, all others use one key", async () => {
  let ended = 0;
  for (let seed = 0; seed < 800; seed++) {
    const roll = dice(seed);
    const off = new Set<number>();
    let steps = 0;
    const outcome = await play(4, (waiting) => {
      if (off.size < 3 && roll(40) === 0) off.add(roll(4));
      const on = waiting.filter((who) => !off.has(who));
      // Whoever is still at it after a while gets the turns that it waits for.
      return (steps++ > 120 ? on[0] : on[roll(on.length || 1)]) ?? null;
    });
    expectOneKey(outcome);
    expect(outcome.used.length + off.size).toBeGreaterThanOrEqual(4);
    ended += outcome.used.length;
  }
  expect(ended).toBeGreaterThan(1000);
});

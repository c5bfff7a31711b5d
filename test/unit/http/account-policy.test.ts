import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { accountPolicy, type Patience, USUAL_PATIENCE } from "../../../src/infra/http/account-policy.js";
import { Breaker } from "../../../src/infra/http/breaker.js";
import { DayCount } from "../../../src/infra/http/day-count.js";
import { quotaUsedUp, rateLimited, unavailable } from "../../../src/infra/http/failures.js";
import { mannersFor } from "../../../src/infra/http/manners.js";
import type { Call } from "../../../src/ports/call.js";
import type { Attempted } from "../../../src/ports/policy.js";
import { FakeTime } from "../../fakes/fake-time.js";

const account = "flickr";
const down = () => unavailable({ account, message: "down" });
const refused = (retryAfterMs?: number) =>
  rateLimited({ account, message: "too many", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const search: Attempted = { label: "photos.search", lane: "read", isRepeatable: true };
const upload: Attempted = { label: "upload", lane: "bytes", isRepeatable: false };

interface World {
  readonly limits?: Record<string, number>;
  readonly patience?: Partial<Patience>;
  readonly random?: () => number;
}

function world({ limits = { requests_per_second: 1000 }, patience, random = () => 0.5 }: World = {}) {
  const time = new FakeTime();
  const controller = new AbortController();
  const manners = mannersFor(account, "flickr", limits);
  const count = new DayCount({ folder: null, account, zone: "UTC", nowMs: () => time.nowMs() });
  const policy = accountPolicy({
    account,
    manners,
    time,
    random,
    count,
    patience: { ...USUAL_PATIENCE, ...patience },
  });
  const call = { signal: controller.signal };
  return { time, policy, call, abort: () => controller.abort() };
}

/** A task that fails as told, then answers; and when it was tried. */
function task(time: FakeTime, ...failures: readonly unknown[]) {
  const triedAt: number[] = [];
  const run = async () => {
    triedAt.push(time.elapsedMs());
    const failure = failures[triedAt.length - 1];
    if (failure !== undefined) throw failure;
    return "answer";
  };
  return { run, triedAt };
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe("repeating", () => {
  it("tries again after growing, jittered waits", async () => {
    const { time, policy, call } = world({ random: () => 0.999 });
    const { run, triedAt } = task(time, down(), down(), down());
    await expect(time.until(policy.run(search, run, call))).resolves.toBe("answer");
    const waits = triedAt.slice(1).map((at, i) => Math.round(at - (triedAt[i] ?? 0)));
    expect(waits).toEqual([999, 1998, 3996]);
  });

  it("waits anything from nothing to the bound", async () => {
    const { time, policy, call } = world({ random: () => 0 });
    const { run, triedAt } = task(time, down());
    await time.until(policy.run(search, run, call));
    expect((triedAt[1] ?? 0) - (triedAt[0] ?? 0)).toBeLessThan(10);
  });

  it("obeys Retry-After, be it longer or shorter than its own wait", async () => {
    for (const asked of [50, 90_000]) {
      const { time, policy, call } = world();
      const { run, triedAt } = task(time, refused(asked));
      await time.until(policy.run(search, run, call));
      expect((triedAt[1] ?? 0) - (triedAt[0] ?? 0)).toBeGreaterThanOrEqual(asked);
      expect((triedAt[1] ?? 0) - (triedAt[0] ?? 0)).toBeLessThan(asked + 10);
    }
  });

  it("gives up with the time to come back when the wait would be too long", async () => {
    const { time, policy, call } = world();
    const { run, triedAt } = task(time, refused(3_600_000));
    const error = await policy.run(search, run, call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "transient",
      code: "flickr.rate-limited",
      data: { retryAt: "2026-11-21T13:00:00Z" },
    });
    expect(triedAt).toHaveLength(1);
  });

  it("gives up after so many attempts, with the last failure's code", async () => {
    const { time, policy, call } = world();
    const { run, triedAt } = task(time, ...Array.from({ length: 20 }, down));
    await expect(time.until(policy.run(search, run, call))).rejects.toEqual(code("flickr.unavailable"));
    expect(triedAt).toHaveLength(USUAL_PATIENCE.attempts);
  });

  it.each([
    new PhotosyncError({ kind: "auth", code: "flickr.sign-in-needed", message: "" }),
    new PhotosyncError({ kind: "user", code: "flickr.not-found", message: "" }),
    quotaUsedUp(account, 0),
    new TypeError("a defect"),
  ])("does not repeat what repeating cannot mend: %s", async (failure) => {
    const { time, policy, call } = world();
    const { run, triedAt } = task(time, failure);
    await expect(policy.run(search, run, call)).rejects.toBe(failure);
    expect(triedAt).toHaveLength(1);
  });

  it("sends a write again only where the failure proves that nothing was done", async () => {
    const { time, policy, call } = world();
    const lost = task(time, down());
    await expect(policy.run(upload, lost.run, call)).rejects.toEqual(code("flickr.unavailable"));
    expect(lost.triedAt).toHaveLength(1);
    const refusal = task(time, refused(10));
    await expect(time.until(policy.run(upload, refusal.run, call))).resolves.toBe("answer");
  });
});

describe("the rate limit", () => {
  it("is paid by every attempt", async () => {
    const { time, policy, call } = world({ limits: { requests_per_second: 1 }, random: () => 0 });
    const { run, triedAt } = task(time, down(), down());
    await time.until(policy.run(search, run, call));
    expect(triedAt).toEqual([0, 1000, 2000]);
  });

  it("makes all pause when one is refused", async () => {
    const { time, policy, call } = world();
    const first = task(time, refused(30_000));
    const second = task(time);
    const running = policy.run(search, first.run, call);
    await time.advance(10);
    await time.until(Promise.all([running, policy.run(search, second.run, call)]));
    expect(second.triedAt[0]).toBeGreaterThanOrEqual(30_000);
  });

  it("gives up at once where a turn would come too late", async () => {
    const { policy, call } = world({ limits: { requests_per_hour: 1 } });
    await policy.run(search, async () => {}, call);
    await expect(policy.run(search, async () => {}, call)).rejects.toMatchObject({
      code: "flickr.rate-limited",
      kind: "transient",
      data: { retryAt: "2026-11-21T13:00:00Z" },
    });
  });

  it("sends writes one at a time", async () => {
    const { time, policy, call } = world();
    let under = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++under);
      await time.sleep(100, call);
      under -= 1;
    };
    const write: Attempted = { label: "setPerms", lane: "write", isRepeatable: true };
    await time.until(Promise.all(Array.from({ length: 5 }, () => policy.run(write, run, call))));
    expect(most).toBe(1);
  });
});

describe("a service that is down", () => {
  const patience = {
    attempts: 100,
    breaker: { failures: 3, firstBreakMs: 10_000, longestBreakMs: 40_000, hopeMs: 120_000 },
  };

  it("is asked no more after so many failures, then once to see, and then again by all", async () => {
    const { time, policy, call } = world({ patience, random: () => 0 });
    const { run, triedAt } = task(time, down(), down(), down(), down());
    await expect(time.until(policy.run(search, run, call))).resolves.toBe("answer");
    const gaps = triedAt.slice(1).map((at, i) => Math.round((at - (triedAt[i] ?? 0)) / 1000));
    expect(gaps).toEqual([0, 0, 10, 20]);
  });

  it("does not keep the others waiting once it has been down for long", async () => {
    const { time, policy, call } = world({ patience, random: () => 0 });
    const failing = async () => {
      throw down();
    };
    await expect(time.until(policy.run(search, failing, call))).rejects.toEqual(code("flickr.unavailable"));
    const before = time.elapsedMs();
    let tried = 0;
    const counting = async () => {
      tried += 1;
      throw down();
    };
    const others = Array.from({ length: 50 }, () =>
      policy.run(search, counting, call).catch((e: unknown) => e),
    );
    const errors = await time.until(Promise.all(others));
    for (const error of errors) expect(error).toMatchObject({ code: "flickr.unavailable" });
    expect(tried).toBeLessThan(6);
    expect(time.elapsedMs() - before).toBeLessThanOrEqual(USUAL_PATIENCE.waitMs);
  });

  it.each([1, 3, 50])("is given up within half a minute by %i who ask it all the time", async (askers) => {
    const { time, policy, call } = world({ random: () => 0.9 });
    const { run, triedAt } = task(time, ...Array.from({ length: 1000 }, down));
    const untilDown = async (): Promise<unknown> => {
      for (;;) {
        const error: unknown = await policy.run(search, run, call).catch((thrown: unknown) => thrown);
        if (error instanceof PhotosyncError && error.data["isDown"] === true) return error;
      }
    };
    const errors = await time.until(Promise.all(Array.from({ length: askers }, untilDown)));
    for (const error of errors) expect(error).toEqual(code("flickr.unavailable"));
    expect(time.elapsedMs()).toBeLessThan(30_000);
    expect(time.elapsedMs()).toBeGreaterThan(10_000);
    expect(triedAt.length).toBeLessThan(15);

    // Who asks later meets no wait, and whoever finds that it is up again opens the way for all.
    const before = time.elapsedMs();
    await expect(policy.run(search, run, call)).rejects.toMatchObject({ data: { isDown: true } });
    expect(time.elapsedMs()).toBe(before);
    await time.advance(60_000);
    await expect(time.until(policy.run(search, task(time).run, call))).resolves.toBe("answer");
    await expect(time.until(policy.run(search, task(time, down()).run, call))).resolves.toBe("answer");
  });

  it("is given up as soon where all that fails are the access tokens that its requests wait for", async () => {
    const time = new FakeTime();
    const manners = mannersFor(account, "google-photos", {});
    const count = new DayCount({ folder: null, account, zone: "UTC", nowMs: () => time.nowMs() });
    const breaker = new Breaker(USUAL_PATIENCE.breaker);
    const shared = { account, manners, time, count, random: () => 0.5 };
    const policy = accountPolicy({ ...shared, breaker });
    const signIn = accountPolicy({ ...shared, alsoFails: breaker });
    const call = { signal: new AbortController().signal };
    // One token is asked for on behalf of all.
    let asking: Promise<never> | null = null;
    const token = (inner: Call) => {
      asking ??= signIn
        .run({ ...search, label: "token" }, () => Promise.reject<never>(down()), inner)
        .finally(() => {
          asking = null;
        });
      return asking;
    };
    const untilDown = async (): Promise<void> => {
      for (;;) {
        const error: unknown = await policy.run(search, token, call).catch((thrown: unknown) => thrown);
        if (error instanceof PhotosyncError && error.data["isDown"] === true) return;
      }
    };
    await time.until(Promise.all(Array.from({ length: 12 }, untilDown)));
    expect(time.elapsedMs()).toBeLessThan(30_000);
  });

  it("is waited for longer where it says when to come back", async () => {
    const { time, policy, call } = world();
    const asks = unavailable({ account, message: "maintenance", retryAfterMs: 60_000 });
    const { run, triedAt } = task(time, asks, asks);
    await expect(time.until(policy.run(search, run, call))).resolves.toBe("answer");
    expect(triedAt.at(-1)).toBeGreaterThanOrEqual(120_000);
  });

  it("is not thought down for refusing photos or for limits", async () => {
    const { time, policy, call } = world({ patience });
    const gone = new PhotosyncError({ kind: "user", code: "flickr.not-found", message: "" });
    for (let i = 0; i < 10; i++) {
      const { run } = task(time, i % 2 === 0 ? gone : quotaUsedUp(account, 0));
      await time.until(policy.run(search, run, call)).catch(() => {});
    }
    await expect(time.until(policy.run(search, async () => "answer", call))).resolves.toBe("answer");
  });
});

describe("time-outs and aborts", () => {
  const silence = () => new Promise<never>(() => {});

  it("ends an attempt that gets no answer, and tells its task", async () => {
    const { time, policy, call } = world({
      patience: { attempts: 2, attemptMs: { read: 5_000, write: 1, bytes: null } },
    });
    const aborted: boolean[] = [];
    const run = (inner: { signal: AbortSignal }) => {
      inner.signal.addEventListener("abort", () => aborted.push(true));
      return silence();
    };
    await expect(time.until(policy.run(search, run, call))).rejects.toEqual(code("flickr.unavailable"));
    expect(aborted).toEqual([true, true]);
  });

  it.each(["while it is sent", "while it waits to be repeated", "while it waits for its turn"])(
    "stops at once when aborted %s",
    async (when) => {
      const { time, policy, call, abort } = world({ limits: { requests_per_second: 0.01 } });
      if (when.endsWith("turn")) await policy.run(search, async () => {}, call);
      const run = when.endsWith("sent") ? silence : task(time, down(), down()).run;
      const running = policy.run(search, run, call);
      running.catch(() => {});
      await time.advance(1);
      abort();
      await expect(running).rejects.toEqual(code("cancelled"));
    },
  );
});

describe("the day's quota", () => {
  it("counts attempts, foretells, refuses what is over it and begins again at midnight", async () => {
    const { time, policy, call } = world({ limits: { requests_per_day: 4, requests_per_second: 1000 } });
    expect(policy.quota()).toEqual({ used: 0, perDay: 4, resetsAt: "2026-11-22T00:00:00Z" });
    await time.until(policy.run({ ...search, cost: 2 }, task(time).run, call));
    await time.until(policy.run(search, task(time, down()).run, call));
    expect(policy.quota()?.used).toBe(4);
    await expect(policy.run(search, task(time).run, call)).rejects.toMatchObject({
      code: "flickr.quota-used-up",
      kind: "transient",
      data: { retryAt: "2026-11-22T00:00:00Z" },
    });
    await time.advance(12 * 3_600_000);
    await expect(time.until(policy.run(search, task(time).run, call))).resolves.toBe("answer");
    expect(policy.quota()?.used).toBe(1);
  });

  it("is unknown where the service has none", () => {
    expect(world().policy.quota()).toBeNull();
  });
});

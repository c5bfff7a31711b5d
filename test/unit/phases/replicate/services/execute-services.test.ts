import { describe, expect, it } from "vitest";
import { blobKey } from "../../../../../src/domain/ids.js";
import { photoIdOf, sha256Of } from "../../../../../src/infra/hash.js";
import { accountPolicy } from "../../../../../src/infra/http/account-policy.js";
import { DayCount } from "../../../../../src/infra/http/day-count.js";
import { unavailable } from "../../../../../src/infra/http/failures.js";
import { mannersFor } from "../../../../../src/infra/http/manners.js";
import { executeServices } from "../../../../../src/phases/replicate/services/execute-services.js";
import type {
  ServiceStepResult,
  UploadStep,
} from "../../../../../src/phases/replicate/services/service-step.js";
import { ServiceStops } from "../../../../../src/phases/replicate/services/service-stop.js";
import type { Progress } from "../../../../../src/ports/phase.js";
import { FakeAccount, type Fate, fakeTarget } from "../../../../fakes/fake-service.js";
import { FakeTime } from "../../../../fakes/fake-time.js";
import { memoryJournal } from "../../../../fakes/memory-journal.js";
import { quietRun } from "../../../../fakes/replicate-world.js";

function uploadOf(target: string, content: string): UploadStep {
  const hash = sha256Of(new TextEncoder().encode(content));
  const photoId = photoIdOf(hash);
  return {
    id: `upload:${target}:${photoId}`,
    action: "upload",
    photo_id: photoId,
    target,
    why: "not there yet",
    key: blobKey(null, photoId, hash, "jpg"),
    hash,
    bytes: 10,
    mime_type: "image/jpeg",
    filename: `${content}.jpg`,
    fields: {},
    expects: "absent",
  };
}

const noBytes = { open: async function* () {}, failure: null, isExhausted: true, nextPlace: () => {} };

/** Services whose every call meets the fate that is said for it, in which `photos` are to be put. */
function world(fates: Readonly<Record<string, () => Fate>>, photos: number) {
  const accounts = new Map(Object.keys(fates).map((name) => [name, new FakeAccount()]));
  const targets = new Map(
    [...accounts].map(([name, account]) => [
      name,
      fakeTarget(name, account, () => fates[name]?.() ?? "good"),
    ]),
  );
  const stops = new ServiceStops();
  const deps = {
    targets,
    journal: memoryJournal(),
    stops,
    originalOf: () => noBytes,
    sleep: async () => {},
  };
  const steps = [...accounts.keys()].flatMap((name) =>
    Array.from({ length: photos }, (_, n) => uploadOf(name, `photo ${n}`)),
  );
  const run = async (progress: Progress = quietRun().progress) => {
    const results: ServiceStepResult[] = [];
    for await (const result of executeServices(steps, deps, { ...quietRun(), progress }))
      results.push(result);
    results.push(...stops.results());
    return results;
  };
  const outcomes = (results: readonly ServiceStepResult[], name: string) =>
    results.filter(({ step }) => step.startsWith(`upload:${name}:`)).map(({ outcome }) => outcome);
  return { accounts, targets, run, outcomes };
}

describe("executeServices", () => {
  it("leaves a service alone that fails time after time, tells it once, and goes on with the others", async () => {
    const { accounts, run, outcomes } = world({ flickr: () => "refused", other: () => "good" }, 20);
    const results = await run();
    expect(outcomes(results, "other")).toEqual(Array.from({ length: 20 }, () => "done"));
    expect(accounts.get("other")?.photos.size).toBe(20);
    const failed = results.filter(({ failure }) => failure !== undefined);
    expect(failed.length).toBeLessThanOrEqual(5);
    expect(failed.at(-1)?.failure).toMatchObject({ subject: "flickr", code: "flickr.unavailable" });
    expect(outcomes(results, "flickr").length).toBe(20);
  });

  it("waits for a service that is down half a minute in all, and blocks what is left for it", async () => {
    const time = new FakeTime();
    const count = new DayCount({ folder: null, account: "flickr", zone: "UTC", nowMs: () => time.nowMs() });
    const manners = mannersFor("flickr", "flickr", { requests_per_second: 1000 });
    const policy = accountPolicy({ account: "flickr", manners, time, random: () => 0.9, count });
    const { accounts, targets, run, outcomes } = world({ flickr: () => "good", other: () => "good" }, 50);
    const flickr = targets.get("flickr") ?? expect.unreachable();
    let asked = 0;
    const refuse = async (): Promise<never> => {
      asked += 1;
      throw unavailable({ account: "flickr", message: "refused", nothingDone: true });
    };
    const search = { label: "search", lane: "read", isRepeatable: true } as const;
    targets.set("flickr", { ...flickr, find: (_mark, _since, call) => policy.run(search, refuse, call) });
    const results = await time.until(run());
    expect(time.elapsedMs()).toBeLessThan(30_000);
    expect(asked).toBeLessThan(15);
    expect(outcomes(results, "other")).toEqual(Array.from({ length: 50 }, () => "done"));
    expect(accounts.get("other")?.photos.size).toBe(50);
    expect(outcomes(results, "flickr").filter((outcome) => outcome === "blocked").length).toBeGreaterThan(45);
    expect(outcomes(results, "flickr").length).toBe(50);
    expect(results.at(-1)).toMatchObject({
      outcome: "failed",
      failure: { subject: "flickr", code: "flickr.unavailable" },
    });
  });

  it("tells the progress of each service in a lane of its own, which steps left over do not move", async () => {
    const { run } = world({ flickr: () => "refused", other: () => "good" }, 20);
    const lanes = new Map<string, { count: number; of: number | undefined }>();
    await run({
      stage: (_label, { count }, lane = "") => void lanes.set(lane, { count: 0, of: count }),
      advance: ({ count = 0 }, lane = "") => {
        const told = lanes.get(lane) ?? expect.unreachable();
        told.count += count;
      },
      note: () => {},
    });
    expect(lanes.get("other")).toEqual({ count: 20, of: 20 });
    expect(lanes.get("flickr")?.count).toBeLessThanOrEqual(5);
    expect([...lanes.keys()].sort()).toEqual(["flickr", "other"]);
  });

  it("looks once more for an upload without an answer when all else is done", async () => {
    const fates: Fate[] = ["good", "lost", "stale"];
    const { accounts, run } = world({ flickr: () => fates.shift() ?? "good" }, 1);
    expect(await run()).toMatchObject([{ outcome: "done", bytes: 10, instance: { id: "1" } }]);
    expect(accounts.get("flickr")?.photos.size).toBe(1);
  });

  it("reports an upload that stays without an answer, once, and sends it no second time", async () => {
    const fates: Fate[] = ["good", "lost", "stale", "stale"];
    const { accounts, run } = world({ flickr: () => fates.shift() ?? "good" }, 1);
    const results = await run();
    expect(results).toMatchObject([{ outcome: "failed", failure: { code: "upload.outcome-unknown" } }]);
    expect(accounts.get("flickr")?.photos.size).toBe(1);
  });
});

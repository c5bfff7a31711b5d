import { describe, expect, it } from "vitest";
import { blobKey } from "../../../../../src/domain/ids.js";
import { photoIdOf, sha256Of } from "../../../../../src/infra/hash.js";
import { executeServices } from "../../../../../src/phases/replicate/services/execute-services.js";
import type {
  ServiceStepResult,
  UploadStep,
} from "../../../../../src/phases/replicate/services/service-step.js";
import { FakeAccount, type Fate, fakeTarget } from "../../../../fakes/fake-service.js";
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
  const deps = {
    targets,
    journal: memoryJournal(),
    originalOf: () => noBytes,
    sleep: async () => {},
  };
  const steps = [...accounts.keys()].flatMap((name) =>
    Array.from({ length: photos }, (_, n) => uploadOf(name, `photo ${n}`)),
  );
  const run = async () => {
    const results: ServiceStepResult[] = [];
    for await (const result of executeServices(steps, deps, quietRun())) results.push(result);
    return results;
  };
  const outcomes = (results: readonly ServiceStepResult[], name: string) =>
    results.filter(({ step }) => step.startsWith(`upload:${name}:`)).map(({ outcome }) => outcome);
  return { accounts, run, outcomes };
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

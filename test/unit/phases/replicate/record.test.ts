import { describe, expect, it } from "vitest";
import { checksumEntries, type RecordDeps, recordReplicas } from "../../../../src/phases/replicate/record.js";
import type { StepResult } from "../../../../src/ports/phase.js";
import { memoryStore } from "../../../../src/stores/memory-store.js";
import { type FakeLibrary, fakeLibrary, photoDocument, variantOf } from "../../../fakes/fake-catalog.js";
import { NOW, planOf, replicateWorld } from "../../../fakes/replicate-world.js";

const depsFor = (library: FakeLibrary): RecordDeps => ({
  catalog: library.catalog(),
  documents: library.documents,
  services: new Map(),
  isWhole: true,
  stores: new Set(["local"]),
  primary: "local",
  sourceOfTruth: (key) => `blobs/${key}`,
  now: NOW,
});

const conflict = {
  type: "metadata_mismatch" as const,
  field: "title",
  description: "",
  services: [],
  values: {},
  resolution_required: true,
};

describe("recordReplicas", () => {
  it("records what succeeded of a photo, and leaves its state while a step has failed", async () => {
    const document = photoDocument({ variants: [variantOf("picture", { content: "edited" })] });
    const world = replicateWorld([document]);
    const plan = await planOf(world);
    const original = plan.steps.find((step) => step.id.endsWith(document.blob_key));
    const results: StepResult[] = plan.steps.map((step) => ({
      step: step.id,
      outcome: step === original ? "done" : "failed",
    }));
    await world.library.apply(recordReplicas(results, plan, depsFor(world.library)));
    const after = world.library.get(document.photo_id);
    expect(after.replicas).toEqual({ local: { key: document.blob_key, verified_at: NOW } });
    expect(after.variants?.[0]?.replicas).toEqual({});
    expect(after.processing_state).toBe("resolved");
  });

  it("does not call a photo replicated whose recorded replica could not be repaired", async () => {
    const variant = variantOf("picture", { content: "edited", stores: ["local"] });
    const document = photoDocument({ stores: ["local"], variants: [variant] });
    const store = memoryStore("local");
    store.blobs.set(document.blob_key, new TextEncoder().encode("bad"));
    const world = replicateWorld([document], [store]);
    const plan = await planOf(world);
    const results = plan.steps.map(({ id }) => ({
      step: id,
      outcome: id.endsWith(document.blob_key) ? ("done" as const) : ("failed" as const),
    }));
    await world.library.apply(recordReplicas(results, plan, depsFor(world.library)));
    const after = world.library.get(document.photo_id);
    expect(after.replicas["local"]?.verified_at).toBe(NOW);
    expect(after.processing_state).toBe("resolved");
  });

  it("does not call a photo replicated on which a person must decide", async () => {
    const world = replicateWorld([photoDocument({ with: { conflicts: [conflict] } })]);
    const plan = await planOf(world);
    const results = plan.steps.map((step) => ({ step: step.id, outcome: "done" as const }));
    await world.library.apply(recordReplicas(results, plan, depsFor(world.library)));
    expect(world.library.get(plan.steps[0]?.photo_id ?? "").processing_state).toBe("resolved");
  });

  it("writes no document for which nothing succeeded", async () => {
    const world = replicateWorld([photoDocument()]);
    const plan = await planOf(world);
    const results = plan.steps.map((step) => ({ step: step.id, outcome: "blocked" as const }));
    expect(await world.library.apply(recordReplicas(results, plan, depsFor(world.library)))).toBe(0);
    expect(await world.library.apply(recordReplicas([], plan, depsFor(world.library)))).toBe(0);
  });

  it("writes nothing that is not new: the same proof twice leaves the document as it is", async () => {
    const world = replicateWorld([photoDocument()]);
    const plan = await planOf(world);
    const results = plan.steps.map((step) => ({ step: step.id, outcome: "done" as const }));
    expect(await world.library.apply(recordReplicas(results, plan, depsFor(world.library)))).toBe(1);
    expect(await world.library.apply(recordReplicas(results, plan, depsFor(world.library)))).toBe(0);
  });
});

async function listed(entries: ReturnType<typeof checksumEntries>) {
  const all: unknown[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

describe("checksumEntries", () => {
  it("lists every blob recorded in one store, sorted by key", async () => {
    const late = photoDocument({ content: "late", taken: "2025-01-01T00:00:00", stores: ["local", "usb"] });
    const early = photoDocument({ content: "early", taken: "2001-01-01T00:00:00", stores: ["local"] });
    const nowhere = photoDocument({ content: "nowhere" });
    const catalog = fakeLibrary([late, early, nowhere]).catalog();
    expect(await listed(checksumEntries(catalog, "local"))).toEqual([
      { key: early.blob_key, hash: early.content_hash },
      { key: late.blob_key, hash: late.content_hash },
    ]);
    expect(await listed(checksumEntries(catalog, "usb"))).toHaveLength(1);
  });
});

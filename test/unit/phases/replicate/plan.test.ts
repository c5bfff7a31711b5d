import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { replicatePhase } from "../../../../src/phases/replicate/replicate-phase.js";
import { runPhase } from "../../../../src/phases/run-phase.js";
import { memoryStore } from "../../../../src/stores/memory-store.js";
import { readonlyStore } from "../../../../src/stores/readonly-store.js";
import { fakeLibrary, photoDocument, variantOf } from "../../../fakes/fake-catalog.js";
import { faultyStore } from "../../../fakes/faulty-store.js";
import { depsOf, planOf, quietRun, replicateWorld } from "../../../fakes/replicate-world.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const other = photoDocument({ content: "another one", stores: ["local"] });

/** A store that was used before: it holds another photo's blob. */
function usedStore(name: string) {
  const store = memoryStore(name);
  store.blobs.set(other.blob_key, bytes("another one"));
  return store;
}

describe("what the plan says of a blob", () => {
  const fresh = photoDocument();
  const recorded = photoDocument({ stores: ["local"], state: "replicated" });

  it("is not there and not recorded", async () => {
    const { steps } = await planOf(replicateWorld([fresh]));
    expect(steps).toEqual([
      {
        id: `store-blob:local:${fresh.blob_key}`,
        action: "store-blob",
        photo_id: fresh.photo_id,
        target: "local",
        key: fresh.blob_key,
        hash: fresh.content_hash,
        bytes: 7,
        role: "original",
        why: "not in store local yet",
        expects: "absent",
      },
    ]);
  });

  it("is recorded but gone from a store that is otherwise there", async () => {
    const { steps } = await planOf(replicateWorld([recorded], [usedStore("local")]));
    expect(steps).toMatchObject([{ why: "recorded but missing from store local", expects: "absent" }]);
  });

  it("is recorded and has another size", async () => {
    const store = usedStore("local");
    store.blobs.set(recorded.blob_key, bytes("short"));
    const { steps } = await planOf(replicateWorld([recorded], [store]));
    expect(steps).toMatchObject([{ why: "size differs in store local", expects: "wrong" }]);
  });

  it("is recorded, of the right size, and suspected by verify", async () => {
    const store = usedStore("local");
    store.blobs.set(recorded.blob_key, bytes("PICTURE"));
    const world = replicateWorld([recorded], [store]);
    world.suspects.add(`local ${recorded.blob_key}`);
    const { steps } = await planOf(world);
    expect(steps).toMatchObject([{ why: "found corrupt by verify in store local", expects: "wrong" }]);
  });

  it("is there with the right size, but not recorded", async () => {
    const store = usedStore("local");
    store.blobs.set(fresh.blob_key, bytes("picture"));
    const { steps } = await planOf(replicateWorld([fresh], [store]));
    expect(steps).toMatchObject([{ why: "in store local but not proven yet", expects: "unproven" }]);
  });

  it("lies in a store that is no target, which is not even listed where nothing depends on it", async () => {
    const local = usedStore("local");
    local.blobs.set(recorded.blob_key, bytes("picture"));
    const usb = faultyStore(usedStore("usb"), (called) =>
      called === "list" ? { kind: "throw", error: new Error("listed") } : undefined,
    );
    const done = photoDocument({ content: "picture", stores: ["local"], state: "replicated" });
    const { steps } = await planOf(replicateWorld([done], [local, usb]), ["local"]);
    expect(steps).toEqual([]);
    await expect(planOf(replicateWorld([done], [local, usb]))).rejects.toThrow("listed");
  });

  it("is as it should be: no step", async () => {
    const store = usedStore("local");
    store.blobs.set(recorded.blob_key, bytes("picture"));
    const { steps, held } = await planOf(replicateWorld([recorded], [store]));
    expect({ steps, held }).toEqual({ steps: [], held: [] });
  });
});

describe("the plan", () => {
  it("has a step for each store and each variant, sorted by photo, key and store", async () => {
    const photos = [
      photoDocument({ content: "b", variants: [variantOf("b", { content: "b edited" })] }),
      photoDocument({ content: "a" }),
    ];
    const world = replicateWorld(photos, [memoryStore("usb"), memoryStore("local")]);
    const { steps } = await planOf(world);
    expect(steps).toHaveLength(6);
    const order = steps.map((step) =>
      step.action === "store-blob" ? `${step.photo_id} ${step.key} ${step.target}` : step.id,
    );
    expect(order).toEqual([...order].sort());
    expect(steps.filter((step) => step.action === "store-blob" && step.role === "edited")).toHaveLength(2);
  });

  it("is limited to the stores asked for", async () => {
    const world = replicateWorld([photoDocument()], [memoryStore("usb"), memoryStore("local")]);
    const { steps } = await planOf(world, ["usb"]);
    expect(steps.map((step) => step.target)).toEqual(["usb"]);
  });

  it("holds what belongs to a store that seems never used although replicas are recorded in it", async () => {
    const photos = [photoDocument({ stores: ["usb"] }), photoDocument({ content: "second" })];
    const world = replicateWorld(photos, [memoryStore("usb"), memoryStore("local")]);
    const { steps, held } = await planOf(world);
    expect(steps.map((step) => step.target)).toEqual(["local", "local"]);
    expect(held.map((line) => line.subject)).toEqual(["store usb"]);
  });

  it("concludes nothing from a listing during which the store went away", async () => {
    const usb = usedStore("usb");
    const recordedAtUsb = photoDocument({ stores: ["usb"], state: "replicated" });
    const leaving = faultyStore(usb, (method) =>
      method === "list"
        ? {
            kind: "throw",
            error: new PhotosyncError({ kind: "transient", code: "store.unavailable", message: "gone" }),
          }
        : undefined,
    );
    const { steps, held } = await planOf(replicateWorld([recordedAtUsb], [leaving]));
    expect(steps).toEqual([]);
    expect(held).toHaveLength(1);
  });

  it("holds documents that are not valid", async () => {
    const failure = { subject: "photos/x.json", code: "document.invalid", message: "broken", hint: "" };
    const world = { ...replicateWorld([]), library: fakeLibrary([], { invalid: [failure] }) };
    expect((await planOf(world)).held).toEqual([{ subject: "photos/x.json", why: "broken" }]);
  });

  it("brings the state of a photo up to date that is whole everywhere", async () => {
    const document = photoDocument({ stores: ["local"], state: "resolved" });
    const store = memoryStore("local");
    store.blobs.set(document.blob_key, bytes("picture"));
    const { steps } = await planOf(replicateWorld([document], [store]));
    expect(steps.map((step) => step.id)).toEqual([`mark-replicated:${document.photo_id}`]);
  });

  it("has the same digest for the same sight, and another for another base", async () => {
    const world = replicateWorld([photoDocument()]);
    const phase = replicatePhase(depsOf(world));
    const seen = await phase.observe(quietRun());
    expect(phase.plan(seen).digest).toBe(phase.plan(seen).digest);
    expect(phase.plan({ ...seen, revision: "f".repeat(40) }).digest).not.toBe(phase.plan(seen).digest);
  });

  it("is made and shown without a single write", async () => {
    const world = replicateWorld([photoDocument()], [readonlyStore(memoryStore("local"))]);
    const shown: number[] = [];
    const { plan, performed } = await runPhase(
      replicatePhase(depsOf(world)),
      quietRun(),
      "show",
      ({ steps }) => shown.push(steps.length),
      async () => "performed",
    );
    expect(shown).toEqual([1]);
    expect(plan.steps).toHaveLength(1);
    expect(performed).toBeNull();
    expect(world.locations.log).toEqual([]);
  });
});

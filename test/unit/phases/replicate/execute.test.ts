import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { executeReplication } from "../../../../src/phases/replicate/execute.js";
import { memoryStore } from "../../../../src/stores/memory-store.js";
import { photoDocument, variantOf } from "../../../fakes/fake-catalog.js";
import { faultyStore, type StoreMethod } from "../../../fakes/faulty-store.js";
import { depsOf, NOW, planOf, quietRun, replicate, replicateWorld } from "../../../fakes/replicate-world.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const error = (code: string, kind: PhotosyncError["kind"] = "user") =>
  new PhotosyncError({ kind, code, message: code });
const failing = (method: StoreMethod, thrown: Error, from = 0) => {
  let calls = 0;
  return (called: StoreMethod) =>
    called === method && calls++ >= from ? ({ kind: "throw", error: thrown } as const) : undefined;
};

/** Photos `photo 0`, `photo 1`, ... and the files they were found in. */
function severalPhotos(count: number, stores = [memoryStore("local")]) {
  const photos = Array.from({ length: count }, (_, n) =>
    photoDocument({ content: `photo ${n}`, filename: `IMG_${n}.jpg` }),
  );
  const world = replicateWorld(photos, stores);
  for (const n of photos.keys()) world.locations.files.set(`/photos/IMG_${n}.jpg`, `photo ${n}`);
  return { photos, world };
}

const outcomes = (results: readonly { readonly outcome: string }[]) =>
  results.map((result) => result.outcome).sort();
const codes = (results: readonly { readonly failure?: { readonly code: string } }[]) =>
  results.flatMap(({ failure }) => (failure === undefined ? [] : [failure.code]));

describe("storing", () => {
  it("stores every blob in every store, records it, and has nothing left to do", async () => {
    const [local, usb] = [memoryStore("local"), memoryStore("usb")];
    const variant = variantOf("picture", { content: "edited picture" });
    const document = photoDocument({ variants: [variant] });
    const world = replicateWorld([document], [local, usb]);
    world.locations.files
      .set("/photos/IMG_1.jpg", "picture")
      .set("/photos/IMG_1-edited.jpg", "edited picture");

    const { results } = await replicate(world);

    expect(outcomes(results)).toEqual(["done", "done", "done", "done"]);
    for (const store of [local, usb]) {
      expect(store.blobs.get(document.blob_key)).toEqual(Buffer.from("picture"));
      expect(store.blobs.get(variant.blob_key)).toEqual(Buffer.from("edited picture"));
    }
    const after = world.library.get(document.photo_id);
    expect(after.processing_state).toBe("replicated");
    expect(after.source_of_truth_path).toBe(`blobs/${document.blob_key}`);
    expect(after.replicas).toEqual({
      local: { key: document.blob_key, verified_at: NOW },
      usb: { key: document.blob_key, verified_at: NOW },
    });
    expect(Object.keys(after.variants?.[0]?.replicas ?? {})).toEqual(["local", "usb"]);
    expect(after.updated_at).toBe(NOW);
    expect((await planOf(world)).steps).toEqual([]);
  });

  it("reads a source once for two stores", async () => {
    const { world } = severalPhotos(1, [memoryStore("local"), memoryStore("usb")]);
    await replicate(world);
    expect(world.locations.log).toEqual(["open /photos/IMG_0.jpg"]);
  });

  it("copies from another store when no source is left", async () => {
    const { world } = severalPhotos(2);
    await replicate(world);
    world.locations.files.clear();
    world.stores.set("usb", memoryStore("usb"));
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done", "done"]);
  });

  it("proves what lies in the store already without asking for a source", async () => {
    const local = memoryStore("local");
    const document = photoDocument({ locations: [{ path: "/a.tgz", entry: "IMG_1.jpg" }] });
    local.blobs.set(document.blob_key, bytes("picture"));
    const world = replicateWorld([document], [local, memoryStore("usb")]);
    world.locations.archives.set("/a.tgz", new Map([["IMG_1.jpg", "picture"]]));
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["already", "done"]);
    expect(world.locations.log).toEqual([]);
    expect(world.library.get(document.photo_id).processing_state).toBe("replicated");
  });

  it("proves what lies in the store even when no place is known any more", async () => {
    const local = memoryStore("local");
    const document = photoDocument({ locations: [] });
    local.blobs.set(document.blob_key, bytes("picture"));
    expect(outcomes((await replicate(replicateWorld([document], [local]))).results)).toEqual(["already"]);
  });

  it("repairs a replica that went bad, keeping the bad bytes aside and the new proof's time", async () => {
    const { world, photos } = severalPhotos(1);
    await replicate(world);
    const [key] = photos.map((photo) => photo.blob_key);
    const local = memoryStore("local");
    if (key !== undefined) local.blobs.set(key, bytes("PHOTO 0"));
    world.stores.set("local", local);
    world.suspects.add(`local ${key}`);
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done"]);
    expect([...local.aside.values()]).toEqual([bytes("PHOTO 0")]);
  });

  it("only brings the state up to date when an undo took it back", async () => {
    const document = photoDocument({ stores: ["local"] });
    const local = memoryStore("local");
    local.blobs.set(document.blob_key, bytes("picture"));
    const world = replicateWorld([document], [local]);
    expect(outcomes((await replicate(world)).results)).toEqual(["done"]);
    expect(world.library.get(document.photo_id).processing_state).toBe("replicated");
    expect((await planOf(world)).steps).toEqual([]);
  });

  it("leaves the state of a photo that is not resolved", async () => {
    const document = photoDocument({ state: "discovered" });
    const world = replicateWorld([document]);
    world.locations.files.set("/photos/IMG_1.jpg", "picture");
    await replicate(world);
    expect(world.library.get(document.photo_id).processing_state).toBe("discovered");
    expect((await planOf(world)).steps).toEqual([]);
  });
});

describe("sources", () => {
  it("tries the next location when one is gone and one has changed", async () => {
    const paths = ["/gone.jpg", "/changed.jpg", "/good.jpg"];
    const document = photoDocument({ locations: paths.map((path) => ({ path })) });
    const world = replicateWorld([document]);
    world.locations.files.set("/changed.jpg", "pictures").set("/good.jpg", "picture");
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done"]);
    expect(world.locations.log).toEqual(paths.map((path) => `open ${path}`));
  });

  it("names what could not be found, and goes on with the others", async () => {
    const { world } = severalPhotos(3);
    world.locations.files.delete("/photos/IMG_1.jpg");
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done", "done", "failed"]);
    expect(codes(results)).toEqual(["original.not-found"]);
    const message = results.find((result) => result.failure)?.failure?.message;
    expect(message).toContain("IMG_1.jpg");
    expect(message).toContain("/photos/IMG_1.jpg");
  });

  it("tells that an original has changed since it was discovered, and stores nothing", async () => {
    const { world, photos } = severalPhotos(1);
    world.locations.files.set("/photos/IMG_0.jpg", "photo X");
    const { results, edits } = await replicate(world);
    expect(codes(results)).toEqual(["original.changed"]);
    expect(edits).toBe(0);
    expect(world.library.get(photos[0]?.photo_id ?? "")).toEqual(photos[0]);
  });

  it("passes over a corrupt replica, and reports it beside the success", async () => {
    const { world, photos } = severalPhotos(1);
    await replicate(world);
    const local = memoryStore("local");
    for (const { blob_key } of photos) local.blobs.set(blob_key, bytes("PHOTO 0"));
    world.stores.set("local", local).set("usb", memoryStore("usb"));
    const { results } = await replicate(world);
    expect(results).toMatchObject([{ outcome: "done", failure: { code: "replica.corrupt" } }]);
  });

  it("does not read from a replica under suspicion", async () => {
    const { world, photos } = severalPhotos(1);
    await replicate(world);
    world.suspects.add(`local ${photos[0]?.blob_key}`);
    world.stores.set("usb", memoryStore("usb"));
    const opened = world.locations.log.length;
    await replicate(world, { targets: ["usb"] });
    expect(world.locations.log.length - opened).toBe(1);
  });

  it("reads each tgz once, however many originals it holds", async () => {
    const photos = Array.from({ length: 20 }, (_, n) =>
      photoDocument({
        content: `photo ${n}`,
        locations: [{ path: n % 2 === 0 ? "/a.tgz" : "/b.tgz", entry: `Photos/${n}.jpg` }],
      }),
    );
    const world = replicateWorld(photos, [memoryStore("local"), memoryStore("usb")]);
    const entries = (rest: number) =>
      new Map(photos.flatMap((_, n) => (n % 2 === rest ? [[`Photos/${n}.jpg`, `photo ${n}`]] : [])));
    world.locations.archives.set("/a.tgz", entries(0)).set("/b.tgz", entries(1));
    const { results } = await replicate(world);
    expect(results.filter((result) => result.outcome === "done")).toHaveLength(40);
    expect(world.locations.log.sort()).toEqual(["tar /a.tgz", "tar /b.tgz"]);
  });

  it("goes on to another archive, then to a file, when an archive has other bytes or lacks the entry", async () => {
    const document = photoDocument({
      locations: [{ path: "/a.tgz", entry: "1" }, { path: "/b.tgz", entry: "1" }, { path: "/1.jpg" }],
    });
    const world = replicateWorld([document]);
    world.locations.archives.set("/a.tgz", new Map([["1", "PICTURE"]])).set("/b.tgz", new Map());
    world.locations.files.set("/1.jpg", "picture");
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done"]);
    expect(world.locations.log).toEqual(["tar /a.tgz", "tar /b.tgz", "open /1.jpg"]);
  });
});

describe("stores that fail", () => {
  it.each(["store.no-space", "store.unavailable", "store.read-only", "store.wrong-keys"])(
    "%s ends only that store, with one failure that counts what is left",
    async (code) => {
      const { photos } = severalPhotos(10);
      const local = memoryStore("local");
      let puts = 0;
      const kind = code === "store.wrong-keys" ? "auth" : "transient";
      const fails = failing("put", error(code, kind), 3);
      const usb = faultyStore(memoryStore("usb"), (method) => {
        if (method === "put") puts++;
        return fails(method);
      });
      const world = replicateWorld(photos, [local, usb]);
      for (const n of photos.keys()) world.locations.files.set(`/photos/IMG_${n}.jpg`, `photo ${n}`);
      const { results } = await replicate(world);
      const at = (target: string) => results.filter((result) => result.step.includes(`:${target}:`));
      expect(outcomes(at("local"))).toEqual(Array(10).fill("done"));
      expect(outcomes(at("usb"))).toEqual([...Array(6).fill("blocked"), ...Array(3).fill("done"), "failed"]);
      expect(codes(results)).toEqual([code]);
      expect(results.at(-1)?.failure?.subject).toBe("store usb");
      expect(results.at(-1)?.failure?.message).toContain("7");
      // Three that succeed, one that stops the store, and those that the two other workers had begun.
      expect(puts).toBeLessThanOrEqual(6);
      expect((await planOf(world)).steps).toHaveLength(7);
    },
  );

  it("another error of a store fails its step alone", async () => {
    const { world } = severalPhotos(3);
    const local = memoryStore("local");
    let calls = 0;
    world.stores.set(
      "local",
      faultyStore(local, (method) =>
        method === "put" && calls++ === 1 ? { kind: "throw", error: error("store.unreliable") } : undefined,
      ),
    );
    const { results } = await replicate(world);
    expect(outcomes(results)).toEqual(["done", "done", "failed"]);
    expect(codes(results)).toEqual(["store.unreliable"]);
  });

  it("a defect ends the run after what was done is recorded", async () => {
    const thrown = new TypeError("boom");
    const { photos } = severalPhotos(10);
    const world = replicateWorld(photos, [faultyStore(memoryStore("local"), failing("put", thrown, 4))]);
    for (const n of photos.keys()) world.locations.files.set(`/photos/IMG_${n}.jpg`, `photo ${n}`);
    const { results, stoppedBy, edits } = await replicate(world);
    expect(stoppedBy?.error).toBe(thrown);
    expect(outcomes(results)).toEqual(Array(4).fill("done"));
    expect(edits).toBe(4);
  });
});

describe("stopping and starting again", () => {
  it("keeps what was done before an abort, and the next run does the rest and no more", async () => {
    const { world } = severalPhotos(12);
    const abort = new AbortController();
    let count = 0;
    const progress = {
      ...quietRun().progress,
      advance: (by: { readonly count?: number }) => {
        count += by.count ?? 0;
        if (count === 5) abort.abort();
      },
    };
    const first = await replicate(world, { run: { ...quietRun(abort.signal), progress } });
    expect(first.stoppedBy?.error).toMatchObject({ code: "cancelled" });
    expect(first.edits).toBeGreaterThanOrEqual(5);
    expect(first.edits).toBeLessThan(12);
    const opened = world.locations.log.length;
    const second = await replicate(world);
    expect(second.stoppedBy).toBeNull();
    expect(first.edits + second.edits).toBe(12);
    expect(world.locations.log.length - opened).toBeLessThanOrEqual(12 - first.edits);
    expect((await planOf(world)).steps).toEqual([]);
  });

  it("does nothing when it is aborted before it starts", async () => {
    const { world } = severalPhotos(2);
    const plan = await planOf(world);
    const run = quietRun(AbortSignal.abort());
    const results = executeReplication(plan, depsOf(world), run);
    await expect(results.next()).rejects.toMatchObject({ code: "cancelled" });
    expect(world.locations.log).toEqual([]);
  });

  it("stops its workers when its reader leaves", async () => {
    const { world } = severalPhotos(20);
    for await (const _ of executeReplication(await planOf(world), depsOf(world), quietRun())) break;
    const opened = world.locations.log.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.locations.log.length).toBe(opened);
    expect(opened).toBeLessThan(20);
  });

  it("refuses a plan that was made for another revision", async () => {
    const { world } = severalPhotos(1);
    const plan = await planOf(world);
    await replicate(world);
    const results = executeReplication(plan, depsOf(world), quietRun());
    await expect(results.next()).rejects.toMatchObject({ code: "plan.stale" });
  });
});

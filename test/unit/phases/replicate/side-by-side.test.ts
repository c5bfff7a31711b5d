import { expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { executeReplication } from "../../../../src/phases/replicate/execute.js";
import type { BlobStore } from "../../../../src/ports/blob-store.js";
import type { StepResult } from "../../../../src/ports/phase.js";
import { memoryStore } from "../../../../src/stores/memory-store.js";
import { photoDocument } from "../../../fakes/fake-catalog.js";
import { depsOf, planOf, quietRun, replicate, replicateWorld } from "../../../fakes/replicate-world.js";

const far = (name: string, change: Partial<BlobStore> = {}): BlobStore => ({
  ...memoryStore(name),
  atOnce: 2,
  ...change,
});

/** A store beyond a network that takes blobs and never answers, until it is let go on. */
function silentStore(name: string) {
  const store = memoryStore(name);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const puts: string[] = [];
  const put: BlobStore["put"] = async (blob, call) => {
    puts.push(blob.key);
    await released;
    return store.put(blob, call);
  };
  return { store: far(name, { ...store, atOnce: 2, put }), puts, release: () => release() };
}

function photosAnd(count: number, stores: readonly BlobStore[]) {
  const photos = Array.from({ length: count }, (_, n) =>
    photoDocument({ content: `photo ${n}`, filename: `IMG_${n}.jpg` }),
  );
  const world = replicateWorld(photos, stores);
  for (const n of photos.keys()) world.locations.files.set(`/photos/IMG_${n}.jpg`, `photo ${n}`);
  return world;
}

const of = (store: string, results: readonly StepResult[]) =>
  results.filter(({ step }) => step.startsWith(`store-blob:${store}:`));

it("a store that never answers holds up no other, however much there is", async () => {
  const silent = silentStore("silent");
  const world = photosAnd(400, [memoryStore("local"), silent.store, far("cloud")]);
  const results: StepResult[] = [];
  for await (const result of executeReplication(await planOf(world), depsOf(world), quietRun())) {
    results.push(result);
    // Only when all others are full does it answer: the run would never end if they waited for it.
    if (results.length === 800) {
      expect(of("silent", results)).toEqual([]);
      expect(silent.puts).toHaveLength(2);
      silent.release();
    }
  }
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(1200).fill("done"));
});

it("a disk that is slow holds up no store beyond a network", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const disk = memoryStore("local");
  const slow: BlobStore = {
    ...disk,
    put: async (blob, call) => {
      await released;
      return disk.put(blob, call);
    },
  };
  const world = photosAnd(600, [slow, far("cloud")]);
  let arrived = 0;
  for await (const result of executeReplication(await planOf(world), depsOf(world), quietRun())) {
    if (result.step.includes(":cloud:")) arrived++;
    // Those that look ahead wait for the disk, so that their source need not be read twice; the others have gone.
    if (arrived === 600 - 256) release();
  }
  expect(arrived).toBe(600);
});

it("a source is read once where a disk and a store beyond a network need the same blob", async () => {
  const world = photosAnd(20, [memoryStore("local"), far("cloud")]);
  await replicate(world);
  expect(world.locations.log).toHaveLength(20);
});

it("what only a store beyond a network turns out to have reaches the disk in the same run", async () => {
  const photo = photoDocument();
  const cloud = memoryStore("cloud");
  // As an undo leaves it: the blob is there, and no document says so.
  cloud.blobs.set(photo.blob_key, new TextEncoder().encode("picture"));
  const world = replicateWorld([photo], [memoryStore("local"), { ...cloud, atOnce: 2 }]);
  const { results } = await replicate(world);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(["already", "done"]);
});

it("each archive is read once by the disks, and stores beyond a network take from these", async () => {
  const photos = [1, 2, 3].map((n) =>
    photoDocument({ content: `photo ${n}`, locations: [{ path: "/a.tgz", entry: `${n}` }] }),
  );
  const world = replicateWorld(photos, [memoryStore("local"), far("cloud")]);
  world.locations.archives.set("/a.tgz", new Map(photos.map((_, n) => [`${n + 1}`, `photo ${n + 1}`])));
  const { results } = await replicate(world);
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(6).fill("done"));
  expect(world.locations.log).toEqual(["tar /a.tgz"]);
});

it("a store beyond a network that is gone ends its own steps, with one failure", async () => {
  const put = async () => {
    throw new PhotosyncError({ kind: "transient", code: "store.unavailable", message: "down." });
  };
  const world = photosAnd(50, [far("dead", { put }), far("cloud")]);
  const { results } = await replicate(world);
  expect(of("cloud", results).every(({ outcome }) => outcome === "done")).toBe(true);
  expect(results.flatMap(({ failure }) => failure?.code ?? [])).toEqual(["store.unavailable"]);
});

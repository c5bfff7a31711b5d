import { expect, test } from "vitest";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { call, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, MIB, PARTS, PREFIX, photo, SMALL_PARTS } from "./s3-opened.js";

const bytes = sampleBytes(40_000, 1);

test.each([
  ["keys that expire", 400, "ExpiredToken", "store.session-expired"],
  ["keys that are taken back", 403, "InvalidAccessKeyId", "store.wrong-keys"],
  ["a clock that jumps", 403, "RequestTimeTooSkewed", "store.clock-skew"],
])(
  "%s in the middle of a run are told in their own words, also by a refusal without any",
  async (_, status, code, told) => {
    await inWorld(AWS_LIKE, async (world) => {
      await world.store.put(photo, call);
      world.server.faults.add({ kind: "refuse", refusal: { status, code } });
      await expect(world.store.put(blobOf(sampleBytes(10, 9)), call)).rejects.toMatchObject({ code: told });
      await expect(world.store.stat([photo.key], call)).rejects.toMatchObject({ data: { because: told } });
      world.server.faults.clear();
      expect(await keysOf(world.store)).toEqual([photo.key]);
    })();
  },
);

test.each([
  [507, "InsufficientStorage"],
  [403, "QuotaExceeded"],
  [507, "XMinioStorageFull"],
  [
    403,
    "AccessDenied",
    "Cannot upload files, storage cap exceeded. See the Caps & Alerts page to increase your cap.",
  ],
])(
  "a store that is full (%i %s) is told to be, and keeps nothing half",
  async (status, code, message = code) => {
    for (const operation of ["PutObject", "UploadPart", "CompleteMultipartUpload"] as const)
      await inWorld(
        SMALL_PARTS,
        async (world) => {
          await world.store.put(blobOf(sampleBytes(10, 3)), call);
          world.server.faults.add({
            kind: "refuse",
            operation,
            key: photo.key,
            refusal: { status, code, message },
          });
          const store = operation === "PutObject" ? world.again({ wholeBytes: 100_000 }) : world.store;
          await expect(store.put(photo, call)).rejects.toMatchObject({ code: "store.no-space" });
          expect(world.objects().has(PREFIX + photo.key)).toBe(false);
          world.server.faults.clear();
          expect(await store.put(photo, call)).toEqual({ kind: "stored" });
          expect(Buffer.compare(await collect(store.get(photo.key, call)), bytes)).toBe(0);
        },
        PARTS,
      )();
  },
);

test.each([
  ["whole", 100_000],
  ["in parts", 1000],
])("a server that stops to tell checksums is believed no longer (%s)", async (_, wholeBytes) => {
  await inWorld(
    SMALL_PARTS,
    async (world) => {
      await world.store.test(call);
      world.server.state.profile = { ...POOR, checksums: "ignores", leastPartBytes: 1 };
      const lying = wholeBytes > 40_000 ? "PutObject" : "UploadPart";
      world.server.faults.add({ kind: "lie", operation: lying, key: photo.key, times: 1 });
      await expect(world.again().put(photo, call)).rejects.toMatchObject({ code: "store.unreliable" });
      expect(world.objects().has(PREFIX + photo.key)).toBe(false);
    },
    { wholeBytes, partBytes: 10_000 },
  )();
});

test.each([
  ["whole", 100_000],
  ["in parts", 1000],
])("a server that begins to refuse checksums is tried again, once (%s)", async (_, wholeBytes) => {
  await inWorld(
    SMALL_PARTS,
    async (world) => {
      await world.store.put(blobOf(sampleBytes(10, 3)), call);
      world.server.state.profile = { ...POOR, leastPartBytes: 1 };
      const store = world.again();
      const others = [4, 5, 6].map((seed) => blobOf(sampleBytes(30_000, seed)));
      const outcomes = await Promise.all([photo, ...others].map((blob) => store.put(blob, call)));
      expect(outcomes.every(({ kind }) => kind === "stored")).toBe(true);
      expect(count(world, "ListObjectsV2", "")).toBeLessThan(6);
    },
    { wholeBytes, partBytes: 10_000 },
  )();
});

test(
  "what a server could do is believed for a month",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const probes = () => count(world, "PutObject", "probe");
    const before = probes();
    const day = 24 * 3_600_000;
    const later = (days: number) => ({ nowMs: () => Date.now() + days * day });
    await world.again({}, later(29)).put(blobOf(sampleBytes(10, 3)), call);
    expect(probes()).toBe(before);
    await world.again({}, later(31)).put(blobOf(sampleBytes(10, 4)), call);
    expect(probes()).toBeGreaterThan(before);
  }),
);

test(
  "many wrong objects at once are set aside, and none waits for another for ever",
  inWorld(
    POOR,
    async (world) => {
      await world.store.put(blobOf(sampleBytes(10, 3)), call);
      const blobs = [1, 2, 3].map((seed) => blobOf(sampleBytes(50_000, seed)));
      for (const { key } of blobs) world.plant(key, sampleBytes(50_000, 99));
      const outcomes = await Promise.all(blobs.map((blob) => world.store.put(blob, call)));
      expect(outcomes.every(({ kind }) => kind === "replaced")).toBe(true);
    },
    { bufferBytes: 2 * MIB },
  ),
);

test(
  "a server that gives the whole where a part was asked for is not taken at its word",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    world.server.faults.add({ kind: "whole", operation: "GetObject", key: photo.key });
    const part = await collect(world.store.get(photo.key, { ...call, range: [0, 99] }));
    expect(Buffer.compare(part, bytes.subarray(0, 100))).toBe(0);
    await expect(collect(world.store.get(photo.key, { ...call, range: [100, 199] }))).rejects.toMatchObject({
      code: "store.unreliable",
    });
  }),
);

test(
  "one bit that turns on the way down is no rot",
  inWorld(POOR, async (world) => {
    await world.store.put(photo, call);
    world.server.faults.add({ kind: "flip", operation: "GetObject", key: photo.key, times: 1 });
    expect(await world.store.put(photo, call)).toEqual({ kind: "already" });
    const other = blobOf(sampleBytes(500, 5));
    world.server.faults.add({ kind: "flip", operation: "GetObject", key: other.key, times: 1 });
    expect(await world.store.put(other, call)).toEqual({ kind: "stored" });
    expect(world.server.faults.met.flip).toBe(2);
  }),
);

test(
  "what another computer puts in the place of wrong bytes is not removed for them",
  inWorld({ ...POOR, opaqueEtags: false }, async (world) => {
    await world.store.test(call);
    world.server.faults.add({ kind: "lie", operation: "PutObject", key: photo.key, times: 1 });
    for (const operation of ["HeadObject", "DeleteObject"] as const)
      world.server.faults.add({
        kind: "internal-error",
        operation,
        key: photo.key,
        times: 1,
        after: operation === "HeadObject" ? 1 : 0,
      });
    const putting = world.store.put(photo, call);
    while (world.server.faults.met["internal-error"] === undefined)
      await new Promise((wake) => setImmediate(wake));
    world.plant(photo.key, bytes);
    const theirs = world.objects().get(PREFIX + photo.key);
    if (theirs === undefined) throw new Error("nothing was planted");
    world.objects().set(PREFIX + photo.key, { ...theirs, etag: "of-parts-1" });
    await putting.catch(() => {});
    expect(Buffer.compare(world.objects().get(PREFIX + photo.key)?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
  }),
);

test(
  "keys that may not remove anything leave nothing behind",
  inWorld(CEPH_LIKE, async (world) => {
    world.server.state.denied.add("DeleteObject");
    await expect(world.store.put(photo, call)).rejects.toMatchObject({ code: "store.no-permission" });
    expect([...world.objects().keys()]).toEqual([]);
  }),
);

test(
  "a listing that says it goes on and not where is not taken for a whole one",
  inWorld({ ...AWS_LIKE, pageSize: 2, namesNextPage: false }, async (world) => {
    for (const seed of [1, 2, 3]) await world.store.put(blobOf(sampleBytes(10, seed)), call);
    await expect(keysOf(world.store)).rejects.toMatchObject({ code: "store.unreliable" });
  }),
);

test(
  "a failed look at many objects leaves no others under way",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const keys = Array.from({ length: 300 }, (_, n) => blobOf(sampleBytes(5, n)).key);
    world.server.faults.add({
      kind: "refuse",
      operation: "HeadObject",
      times: 1,
      refusal: { status: 405, code: "MethodNotAllowed" },
    });
    await expect(world.store.stat(keys, call)).rejects.toMatchObject({ code: "store.unavailable" });
    const asked = count(world, "HeadObject");
    await new Promise((wake) => setTimeout(wake, 400));
    expect(count(world, "HeadObject") - asked).toBeLessThan(26);
  }),
);

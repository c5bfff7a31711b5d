import { expect, test } from "vitest";
import { AWS_LIKE, CEPH_LIKE } from "../emulators/s3/state.js";
import { call, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, PARTS, PREFIX, photo, SMALL_PARTS } from "./s3-opened.js";

test.each([
  ["AWS", SMALL_PARTS],
  ["Ceph", { ...CEPH_LIKE, leastPartBytes: 1 }],
] as const)(
  "an upload in parts that broke off is gone on with after a restart, on a server like %s",
  async (_, profile) => {
    await inWorld(
      profile,
      async (world) => {
        const stop = new AbortController();
        const breaking = {
          ...photo,
          async *open() {
            yield sampleBytes(40_000, 1).subarray(0, 25_000);
            while (count(world, "UploadPart", photo.key) < 2)
              await new Promise((wake) => setTimeout(wake, 5));
            await new Promise((wake) => setTimeout(wake, 50));
            stop.abort();
            await new Promise(() => {});
          },
        };
        await expect(world.store.put(breaking, stop)).rejects.toMatchObject({ code: "cancelled" });
        expect(count(world, "UploadPart", photo.key)).toBe(2);
        const restarted = world.again();
        expect(await restarted.sweep(call)).toBe(0);
        expect(await restarted.put(photo, call)).toEqual({ kind: "stored" });
        expect(count(world, "UploadPart", photo.key)).toBe(4);
        expect(count(world, "CreateMultipartUpload", photo.key)).toBe(1);
        expect(Buffer.compare(await collect(restarted.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
        expect(await world.notes.all()).toEqual([]);
      },
      PARTS,
    )();
  },
);

test(
  "parts of an upload that hold other bytes are sent again",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      world.server.faults.add({ kind: "reset", operation: "CompleteMultipartUpload", key: photo.key });
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ code: "store.unavailable" });
      world.server.faults.clear();
      const [upload] = world.server.bucket("photos").uploads.values();
      upload?.parts.set(2, { bytes: Buffer.alloc(10_000), etag: "x", sha256: "other" });
      expect(await world.again().put(photo, call)).toEqual({ kind: "stored" });
      expect(count(world, "UploadPart", photo.key)).toBe(5);
      expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
    },
    PARTS,
  ),
);

test(
  "an upload that the server forgot begins again",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      world.server.faults.add({ kind: "reset", operation: "CompleteMultipartUpload", key: photo.key });
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ kind: "transient" });
      world.server.faults.clear();
      world.server.bucket("photos").uploads.clear();
      expect(await world.again().put(photo, call)).toEqual({ kind: "stored" });
    },
    PARTS,
  ),
);

test(
  "sweeping gives up what others left for more than a week, and never what is gone on with",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      await world.store.put(blobOf(sampleBytes(10, 3)), call);
      world.server.faults.add({ kind: "reset", operation: "CompleteMultipartUpload", key: "2024/" });
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ kind: "transient" });
      const other = blobOf(sampleBytes(40_000, 2));
      await expect(world.again({ elsewhere: true }).put(other, call)).rejects.toMatchObject({
        kind: "transient",
      });
      world.server.faults.clear();
      expect(await world.store.sweep(call)).toBe(0);
      for (const upload of world.server.bucket("photos").uploads.values())
        upload.initiatedMs -= 8 * 24 * 3_600_000;
      expect(await world.store.sweep(call)).toBe(1);
      expect([...world.server.bucket("photos").uploads.values()].map(({ key }) => key)).toEqual([
        PREFIX + photo.key,
      ]);
    },
    PARTS,
  ),
);

test(
  "a list of uploads that ends too early makes nobody forget one, and hides none from who removes their blob",
  inWorld({ ...SMALL_PARTS, pageSize: 2, namesNextPage: false }, async (world) => {
    await world.store.put(photo, call);
    const { uploads } = world.server.bucket("photos");
    const rest = { key: PREFIX + photo.key, withChecksums: true, encryption: null, storageClass: "STANDARD" };
    for (const id of ["a", "b", "c"])
      uploads.set(id, { id, ...rest, initiatedMs: Date.now(), parts: new Map() });
    const { key, hash, sizeBytes } = blobOf(sampleBytes(10, 9));
    await world.notes.keep({ key, uploadId: "later", hash, sizeBytes, partBytes: 5, envelope: null });
    await expect(world.store.sweep(call)).rejects.toMatchObject({ code: "store.unreliable" });
    expect(await world.notes.find(key)).not.toBeNull();
    await expect(world.store.remove(photo.key, call)).rejects.toMatchObject({ code: "store.unreliable" });
    expect(await world.store.stat([photo.key], call)).toEqual(new Map([[photo.key, photo.sizeBytes]]));
  }),
);

test(
  "a list of parts that ends too early costs only their bytes",
  inWorld(
    { ...SMALL_PARTS, namesNextPage: false },
    async (world) => {
      world.server.faults.add({ kind: "reset", operation: "CompleteMultipartUpload", key: photo.key });
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ code: "store.unavailable" });
      world.server.faults.clear();
      world.server.state.profile = { ...world.server.state.profile, pageSize: 2 };
      const sent = count(world, "UploadPart", photo.key);
      expect(await world.again().put(photo, call)).toEqual({ kind: "stored" });
      expect(count(world, "UploadPart", photo.key)).toBe(sent + 2);
      expect(count(world, "CreateMultipartUpload", photo.key)).toBe(1);
      expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
    },
    PARTS,
  ),
);

test.each([
  ["refused for a while", { kind: "slow-down", times: 4 }],
  ["answered with errors", { kind: "internal-error", times: 4 }],
  ["cut off", { kind: "reset", times: 4 }],
  ["done and not answered", { kind: "reset-after", times: 1 }],
] as const)("requests that are %s are sent again, and nothing is stored twice or lost", async (_, fault) => {
  for (const operation of ["HeadObject", "PutObject"] as const) {
    await inWorld(AWS_LIKE, async (world) => {
      await world.store.test(call);
      world.server.faults.add({ ...fault, operation, key: photo.key });
      await world.store.put(photo, call);
      expect(world.server.faults.met[fault.kind]).toBe(fault.times);
      expect(await keysOf(world.store)).toEqual([photo.key]);
      expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
    })();
  }
});

test.each(["UploadPart", "CompleteMultipartUpload", "CreateMultipartUpload"] as const)(
  "an upload in parts outlives trouble with %s",
  async (operation) => {
    for (const kind of ["slow-down", "internal-error", "reset", "reset-after"] as const) {
      await inWorld(
        SMALL_PARTS,
        async (world) => {
          world.server.faults.add({ kind, operation, key: photo.key, times: kind === "reset-after" ? 1 : 3 });
          await world.store.put(photo, call);
          expect(world.server.faults.met[kind]).toBeGreaterThan(0);
          expect(
            Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1)),
          ).toBe(0);
        },
        PARTS,
      )();
    }
  },
);

test(
  "a success that turns out an error is none",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      world.server.faults.add({
        kind: "late-error",
        operation: "CompleteMultipartUpload",
        key: photo.key,
        times: 2,
      });
      expect(await world.store.put(photo, call)).toEqual({ kind: "stored" });
      expect(count(world, "CompleteMultipartUpload", photo.key)).toBe(3);
    },
    PARTS,
  ),
);

test(
  "a storm that does not pass ends with the time to come back, and other requests do not wait for it again",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    world.server.faults.add({ kind: "slow-down" });
    await expect(world.store.put(blobOf(sampleBytes(10, 9)), call)).rejects.toMatchObject({
      kind: "transient",
      code: "store.rate-limited",
      data: { retryAt: expect.any(String) },
    });
    await expect(keysOf(world.store)).rejects.toMatchObject({
      code: "store.unavailable",
      data: { because: "store.rate-limited" },
    });
  }),
);

test.each([
  ["whole", 1_000_000],
  ["in parts", 1000],
])("uploads (%s) keep to the rate, also when they are sent again", async (_, wholeBytes) => {
  await inWorld(
    SMALL_PARTS,
    async (world) => {
      await world.store.test(call);
      world.server.faults.add({ kind: "internal-error", key: photo.key, times: 2 });
      const blob = blobOf(sampleBytes(300_000, 4));
      const began = performance.now();
      expect(await world.store.put(blob, call)).toEqual({ kind: "stored" });
      expect(performance.now() - began).toBeGreaterThan(350);
      expect(Buffer.compare(await collect(world.store.get(blob.key, call)), sampleBytes(300_000, 4))).toBe(0);
    },
    { wholeBytes, partBytes: 100_000, bytesPerSecond: 500_000 },
  )();
});

import { expect, test } from "vitest";
import type { BlobKey } from "../../src/domain/ids.js";
import { AWS_LIKE } from "../emulators/s3/state.js";
import { call, each, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, MIB, photo, SMALL_PARTS } from "./s3-opened.js";

test.each([
  ["cut", 1],
  ["cut", 4],
  ["silence", 2],
] as const)(
  "a download that ends too early (%s, %i times) is gone on with where it broke",
  async (kind, times) => {
    await inWorld(
      AWS_LIKE,
      async (world) => {
        const big = blobOf(sampleBytes(3 * MIB, 5));
        await world.store.put(big, call);
        world.server.faults.add({ kind, operation: "GetObject", key: big.key, times });
        expect(Buffer.compare(await collect(world.store.get(big.key, call)), sampleBytes(3 * MIB, 5))).toBe(
          0,
        );
        expect(count(world, "GetObject", big.key)).toBeGreaterThan(times);
        const part = await collect(world.store.get(big.key, { ...call, range: [10, 99_999] }));
        expect(Buffer.compare(part, sampleBytes(3 * MIB, 5).subarray(10, 100_000))).toBe(0);
      },
      { idleMs: kind === "silence" ? 300 : 60_000 },
    )();
  },
);

test(
  "a download that ends too early is told from one that is whole, also where nobody says how long it is",
  inWorld(AWS_LIKE, async (world) => {
    const bytes = sampleBytes(40_000, 1);
    await world.store.put(photo, call);
    world.server.faults.add({
      kind: "cut",
      operation: "GetObject",
      key: photo.key,
      times: 2,
      isUnsized: true,
    });
    expect(Buffer.compare(await collect(world.store.get(photo.key, call)), bytes)).toBe(0);
    world.server.faults.add({ kind: "whole", operation: "GetObject", key: photo.key, isUnsized: true });
    const part = await collect(world.store.get(photo.key, { ...call, range: [0, 99] }));
    expect(Buffer.compare(part, bytes.subarray(0, 100))).toBe(0);
  }),
);

test(
  "a download that breaks off for ever ends with an error",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    world.server.faults.add({ kind: "cut", operation: "GetObject", key: photo.key });
    // Each attempt brings half of what is left; the last byte never comes.
    await expect(collect(world.store.get(photo.key, call))).rejects.toMatchObject({
      code: "store.unavailable",
    });
  }),
);

test(
  "an object that is replaced while it is read is not pieced together",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    world.server.faults.add({ kind: "cut", operation: "GetObject", key: photo.key, times: 1 });
    const reading = async () => {
      for await (const _ of world.store.get(photo.key, call)) world.plant(photo.key, sampleBytes(40_000, 8));
    };
    await expect(reading()).rejects.toMatchObject({ code: "store.unavailable" });
  }),
);

test(
  "a checksum that is none counts as not told",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const [[key, object] = []] = [...world.objects()].filter(([name]) => name.endsWith(photo.key));
    if (key === undefined || object === undefined) throw new Error("no object");
    world.objects().set(key, { ...object, sha256: "bm8gc3Vt" });
    expect(await world.store.checksums?.([photo.key], call)).toEqual(
      new Map([[photo.key, { sizeBytes: 40_000, hash: null }]]),
    );
  }),
);

test(
  "more than a page of blobs is listed in order, others' objects left out",
  inWorld({ ...AWS_LIKE, pageSize: 7 }, async (world) => {
    const blobs = Array.from({ length: 40 }, (_, n) => blobOf(sampleBytes(5, n), `20${10 + (n % 7)}-03`));
    await world.store.put(photo, call);
    for (const { key } of blobs) world.plant(key, sampleBytes(5, 1));
    for (const key of ["2014/odd name & <sign> é😀.txt", "notes.txt", "zz/1"])
      world.plant(key as BlobKey, sampleBytes(3, 1));
    const sorted = [...blobs, photo].map(({ key }) => key).sort();
    expect(await keysOf(world.store)).toEqual(sorted);
    expect(await keysOf(world.store, sorted[10])).toEqual(sorted.slice(11));
    expect(await world.store.stat(sorted, call)).toHaveProperty("size", 41);
  }),
);

test(
  "a checksum list bigger than a part is whole",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      await world.store.put(photo, call);
      const blobs = Array.from({ length: 300 }, (_, n) => blobOf(sampleBytes(5, n))).sort((a, b) =>
        a.key < b.key ? -1 : 1,
      );
      await world.store.writeChecksumList(each(blobs), call);
      const text = Buffer.from(await collect(world.store.readChecksumList(call))).toString();
      expect(text.split("\n")).toHaveLength(301);
      await world.store.writeChecksumList(each(blobs), call);
      expect(count(world, "CompleteMultipartUpload", "SHA256SUMS")).toBe(1);
      expect(world.server.bucket("photos").uploads.size).toBe(0);
    },
    { wholeBytes: 20_000, partBytes: 10_000 },
  ),
);

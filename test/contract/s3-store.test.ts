import { expect, test } from "vitest";
import type { BlobKey } from "../../src/domain/ids.js";
import { AWS_LIKE, CEPH_LIKE, type Operation, POOR, type Profile } from "../emulators/s3/state.js";
import { call, each, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { openS3World, PREFIX, QUICK, type S3World } from "./s3-opened.js";

const MIB = 1024 ** 2;
const photo = blobOf(sampleBytes(40_000, 1));
const PARTS = { wholeBytes: 1000, partBytes: 10_000 };
const SMALL_PARTS = { ...AWS_LIKE, leastPartBytes: 1 };

const inWorld =
  (profile: Profile, run: (world: S3World) => Promise<void>, settings = {}) =>
  async (): Promise<void> => {
    const world = await openS3World(profile, settings);
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };

const count = ({ server }: S3World, operation: Operation, key = ""): number =>
  server.state.log.filter((each) => each.operation === operation && each.key.includes(key)).length;

test.each([
  [
    "AWS",
    AWS_LIKE,
    { checksBodies: true, keepsChecksums: true, conditionalPut: true, conditionalComplete: true },
  ],
  [
    "Ceph",
    CEPH_LIKE,
    { checksBodies: true, keepsChecksums: false, conditionalPut: true, conditionalComplete: false },
  ],
  [
    "nothing",
    POOR,
    { checksBodies: false, keepsChecksums: false, conditionalPut: false, conditionalComplete: false },
  ],
] as const)(
  "what a server like %s can do is found out once, remembered, and leaves nothing",
  async (_, profile, found) => {
    await inWorld(profile, async (world) => {
      expect(await world.store.test(call)).toEqual(found);
      expect([...world.objects().keys()]).toEqual([]);
      expect(world.server.bucket("photos").uploads.size).toBe(0);
      const before = count(world, "PutObject", "probe");
      await world.again().put(photo, call);
      expect(count(world, "PutObject", "probe")).toBe(before);
    })();
  },
);

test.each([
  ["keeps checksums", AWS_LIKE, 0],
  ["checks signed bodies", CEPH_LIKE, 0],
  ["proves nothing", POOR, 1],
] as const)("bytes are read back only where the server %s", async (_, profile, reads) => {
  await inWorld(profile, async (world) => {
    await world.store.put(photo, call);
    expect(count(world, "GetObject", photo.key)).toBe(reads);
    const [stored] = [...world.objects()].filter(([key]) => key === PREFIX + photo.key);
    expect(stored?.[1].sha256 !== null).toBe(profile === AWS_LIKE);
  })();
});

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

test.each([
  ["whole", 100_000, "PutObject"],
  ["in parts", 1000, "UploadPart"],
] as const)(
  "a server that keeps other bytes than it was given (%s) is found out where it proves nothing",
  async (_, wholeBytes, lying) => {
    await inWorld(
      { ...POOR, leastPartBytes: 1 },
      async (world) => {
        await world.store.put(blobOf(sampleBytes(10, 3)), call);
        world.server.faults.add({ kind: "lie", operation: lying, key: photo.key, times: 1 });
        await expect(world.store.put(photo, call)).rejects.toMatchObject({
          kind: "integrity",
          code: "store.unreliable",
        });
        expect(world.objects().has(PREFIX + photo.key)).toBe(false);
        expect(await world.store.put(photo, call)).toEqual({ kind: "stored" });
      },
      { wholeBytes, partBytes: 10_000 },
    )();
  },
);

test(
  "bytes that rotted under a right checksum are never taken for right",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const object = world.objects().get(PREFIX + photo.key);
    if (object !== undefined) object.bytes[7] = (object.bytes[7] ?? 0) ^ 1;
    expect(await world.store.put(photo, call)).toMatchObject({ kind: "replaced" });
    expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
  }),
);

test.each([
  ["AWS", AWS_LIKE],
  ["Ceph", CEPH_LIKE],
  ["nothing", POOR],
] as const)(
  "two computers that store one blob at once leave it right, on a server like %s",
  async (_, profile) => {
    for (const wholeBytes of [1000, 100_000]) {
      await inWorld(
        { ...profile, leastPartBytes: 1 },
        async (world) => {
          const there = world.again({ elsewhere: true });
          await Promise.all([
            world.store.put(blobOf(sampleBytes(9, 1)), call),
            there.put(blobOf(sampleBytes(9, 2)), call),
          ]);
          const outcomes = await Promise.all([world.store.put(photo, call), there.put(photo, call)]);
          if (profile === AWS_LIKE)
            expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["already", "stored"]);
          expect(outcomes.every(({ kind }) => kind !== "replaced")).toBe(true);
          expect(Buffer.compare(await collect(there.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
          expect(world.server.bucket("photos").uploads.size).toBe(0);
        },
        { wholeBytes, partBytes: 10_000 },
      )();
    }
  },
);

test.each(["AWS_LIKE", "POOR"])("another store's marker keeps a store off (%s)", async (name) => {
  await inWorld(name === "POOR" ? POOR : AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const other = world.again({ name: "another" });
    expect(await other.availability(call)).toBe("gone");
    expect(other.trouble?.()).toMatchObject({ code: "store.unavailable" });
    await expect(other.put(photo, call)).rejects.toMatchObject({ code: "store.unavailable" });
  })();
});

test("encryption that is accepted and not done is refused before anything is stored", async () => {
  const keeping = { keeping: { ServerSideEncryption: "AES256" as const } };
  await inWorld(
    CEPH_LIKE,
    async (world) => {
      await expect(world.store.put(photo, call)).rejects.toMatchObject({ code: "store.not-encrypted" });
      expect([...world.objects().keys()]).toEqual([]);
    },
    keeping,
  )();
  await inWorld(
    SMALL_PARTS,
    async (world) => {
      for (const wholeBytes of [100, 100_000]) {
        const blob = blobOf(sampleBytes(30_000, wholeBytes));
        await world.again({ wholeBytes, partBytes: 10_000 }).put(blob, call);
        expect(world.objects().get(PREFIX + blob.key)?.encryption).toBe("AES256");
      }
    },
    keeping,
  )();
});

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

const troubles: readonly (readonly [string, (world: S3World) => void, object, string])[] = [
  [
    "a wrong secret",
    () => {},
    { keys: async () => ({ accessKeyId: "AKIDEMULATOR", secretAccessKey: "no" }) },
    "store.wrong-keys",
  ],
  [
    "an unknown key",
    () => {},
    { keys: async () => ({ accessKeyId: "AKIDOTHER", secretAccessKey: "no" }) },
    "store.wrong-keys",
  ],
  ["an expired session", ({ server }) => server.expire(), {}, "store.session-expired"],
  ["a missing bucket", ({ server }) => void server.state.buckets.clear(), {}, "store.no-bucket"],
  [
    "no permission to list",
    ({ server }) => void server.state.denied.add("ListObjectsV2"),
    {},
    "store.no-permission",
  ],
  [
    "no permission to read",
    ({ server }) => void server.state.denied.add("GetObject"),
    {},
    "store.no-permission",
  ],
];

test.each(troubles)("%s is told in its own words", async (_, spoil, options, code) => {
  await inWorld(AWS_LIKE, async (world) => {
    spoil(world);
    const store = world.again(options);
    expect(await store.availability(call)).toBe("gone");
    expect(store.trouble?.()).toMatchObject({ code });
    await expect(keysOf(store)).rejects.toMatchObject({ code: "store.unavailable", data: { because: code } });
    await expect(store.put(photo, call)).rejects.toMatchObject({ code });
    expect([...(world.server.state.buckets.get("photos")?.objects.keys() ?? [])]).toEqual([]);
  })();
});

test(
  "no permission to write is told when writing",
  inWorld(AWS_LIKE, async (world) => {
    world.server.state.denied.add("PutObject");
    expect(await world.store.availability(call)).toBe("new");
    await expect(world.store.put(photo, call)).rejects.toMatchObject({ code: "store.no-permission" });
  }),
);

test.each([3_600_000, -3_600_000])(
  "a clock that is %i ms off is set right by the server's answers",
  async (skewMs) => {
    await inWorld(AWS_LIKE, async (world) => {
      world.server.state.skewMs = skewMs;
      expect(await world.store.put(photo, call)).toEqual({ kind: "stored" });
    })();
  },
);

test(
  "a server that is not there is gone, and asked only a few times",
  inWorld(
    AWS_LIKE,
    async (world) => {
      await world.server.close();
      expect(await world.store.availability(call)).toBe("gone");
      expect(world.store.trouble?.()).toMatchObject({ kind: "transient", code: "store.unavailable" });
    },
    { patience: { ...QUICK, attempts: 2 } },
  ),
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

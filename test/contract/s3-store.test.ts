import { expect, test } from "vitest";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { call } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, PREFIX, photo, SMALL_PARTS } from "./s3-opened.js";

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

test.each([
  ["that refuses to overwrite is sent a new blob at once", AWS_LIKE, 0],
  ["that would overwrite is asked first", POOR, 1],
] as const)("a server %s", async (_, profile, looks) => {
  await inWorld(profile, async (world) => {
    await world.store.put(blobOf(sampleBytes(10, 9)), call);
    expect(await world.store.put({ ...photo, isNew: true }, call)).toEqual({ kind: "stored" });
    expect(count(world, "HeadObject", photo.key)).toBe(looks);
    const other = blobOf(sampleBytes(500, 7));
    // Another computer came first: with the right bytes, and with wrong ones.
    world.plant(other.key, Buffer.from(sampleBytes(500, 7)));
    expect(await world.store.put({ ...other, isNew: true }, call)).toEqual({ kind: "already" });
    world.plant(other.key, Buffer.from(sampleBytes(500, 8)));
    expect(await world.store.put({ ...other, isNew: true }, call)).toMatchObject({ kind: "replaced" });
    expect(Buffer.from(await collect(world.store.get(other.key, call)))).toEqual(
      Buffer.from(sampleBytes(500, 7)),
    );
  })();
});

test.each([
  ["AWS", AWS_LIKE],
  ["Ceph", CEPH_LIKE],
  ["nothing", POOR],
] as const)("a success that is none, from a server like %s, is not taken for one", async (_, profile) => {
  await inWorld(profile, async (world) => {
    await world.store.put(blobOf(sampleBytes(10, 3)), call);
    world.server.faults.add({ kind: "late-error", operation: "PutObject", key: photo.key, times: 1 });
    expect(await world.store.put(photo, call)).toEqual({ kind: "stored" });
    expect(Buffer.compare(await collect(world.store.get(photo.key, call)), sampleBytes(40_000, 1))).toBe(0);
    expect(count(world, "PutObject", photo.key)).toBe(2);
  })();
});

import { expect, test } from "vitest";
import { CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { call } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, MIB, PREFIX, photo, type S3World } from "./s3-opened.js";

/** So much is sent before the server is tried. */
async function sendMuch({ store }: S3World): Promise<void> {
  for (const seed of [1, 2, 3]) await store.put(blobOf(sampleBytes(6 * MIB, seed)), call);
}

/** Tries with a body under the hash of another one. */
const probes = (world: S3World) => count(world, "PutObject", "probe");

const wrong = { ...photo, open: () => blobOf(sampleBytes(photo.sizeBytes, 99)).open() };

test(
  "a server that checks bodies is tried once in a run, proves the blobs, and takes no other bytes for one",
  inWorld(CEPH_LIKE, async (world) => {
    await world.store.put(blobOf(sampleBytes(10, 9)), call);
    const before = probes(world);
    await sendMuch(world);
    expect(probes(world)).toBe(before + 1);
    await expect(world.store.put(wrong, call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
    expect(world.objects().has(PREFIX + photo.key)).toBe(false);
    // It was sent once, and not again and again.
    expect(count(world, "PutObject", photo.key)).toBe(1);
    expect(await world.store.put({ ...photo, isNew: true }, call)).toEqual({ kind: "stored" });
    expect(Buffer.compare(await collect(world.store.get(photo.key, call)), await collect(photo.open()))).toBe(
      0,
    );
    expect(count(world, "GetObject", photo.key)).toBe(1);
    expect(probes(world)).toBe(before + 1);
  }),
);

test(
  "bytes that are changed on their way to it are sent again",
  inWorld(CEPH_LIKE, async (world) => {
    await sendMuch(world);
    const refusal = { status: 400, code: "XAmzContentSHA256Mismatch" };
    world.server.faults.add({ kind: "refuse", operation: "PutObject", key: photo.key, refusal, times: 1 });
    expect(await world.store.put(photo, call)).toEqual({ kind: "stored" });
    expect(count(world, "PutObject", photo.key)).toBe(2);
  }),
);

test(
  "a server that checks bodies no longer is found out before it is relied on",
  inWorld(CEPH_LIKE, async (world) => {
    await world.store.put(blobOf(sampleBytes(10, 9)), call);
    world.server.state.profile = { ...POOR, checksBodies: false };
    const later = world.again();
    await sendMuch({ ...world, store: later });
    await expect(later.put(wrong, call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
    expect(world.objects().has(PREFIX + photo.key)).toBe(false);
    await later.put(photo, call);
    expect(count(world, "GetObject", photo.key)).toBe(1);
    expect([...world.objects().keys()].filter((key) => key.includes("probe"))).toEqual([]);
  }),
);

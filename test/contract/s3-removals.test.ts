import { expect, test } from "vitest";
import { AWS_LIKE, type Operation } from "../emulators/s3/state.js";
import { call } from "./blob-store-opened.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";
import { inWorld, PARTS, PREFIX, photo, type S3World, SMALL_PARTS } from "./s3-opened.js";

const keepVersions = (world: S3World): void => {
  world.server.bucket("photos").versions = new Map();
};

/** The photo stored, changed past the store, and stored again: two versions of it and one copy set aside. */
async function rewritten(world: S3World): Promise<void> {
  keepVersions(world);
  await world.store.put(photo, call);
  const bucket = world.server.bucket("photos");
  const key = PREFIX + photo.key;
  const stored = bucket.objects.get(key);
  if (stored === undefined) throw new Error("nothing was stored");
  const wrong = {
    ...stored,
    bytes: Buffer.from(sampleBytes(photo.sizeBytes, 9)),
    etag: "wrong",
    sha256: null,
  };
  bucket.versions?.get(key)?.push({ id: "wrong", object: wrong });
  bucket.objects.set(key, wrong);
  await world.store.put(photo, call);
}

/** How many states with bytes the bucket keeps of keys that have this in them. */
const statesOf = (world: S3World, part: string): number =>
  [...(world.server.bucket("photos").versions ?? [])]
    .filter(([key]) => key.includes(part))
    .flatMap(([, versions]) => versions.filter(({ object }) => object !== null)).length;

const HASH = photo.hash.slice("sha256:".length);

test(
  "of a bucket that keeps versions, all of them go, page by page, and no other object's",
  inWorld({ ...AWS_LIKE, pageSize: 2 }, async (world) => {
    await rewritten(world);
    const other = blobOf(sampleBytes(500, 4));
    await world.store.put(other, call);
    expect(statesOf(world, HASH)).toBe(4);
    expect((await world.store.traces(photo.key, call)).map(({ kind }) => kind)).toEqual([
      "blob",
      "set-aside",
      "version",
      "version",
    ]);
    expect(await world.store.remove(photo.key, call)).toEqual({ removed: 4, olderStay: false });
    expect(statesOf(world, HASH)).toBe(0);
    expect(statesOf(world, other.key)).toBe(1);
    expect(await world.store.traces(photo.key, call)).toEqual([]);
  }),
);

test(
  "nothing is taken for removed where the list of versions ends too early",
  inWorld({ ...AWS_LIKE, pageSize: 2, namesNextPage: false }, async (world) => {
    await rewritten(world);
    await expect(world.store.remove(photo.key, call)).rejects.toMatchObject({ code: "store.unreliable" });
    expect(statesOf(world, HASH)).toBe(4);
  }),
);

test(
  "versions under a mark of removal go as well",
  inWorld(AWS_LIKE, async (world) => {
    await rewritten(world);
    world.server.state.denied.add("DeleteObjectVersion");
    expect(await world.store.remove(photo.key, call)).toMatchObject({ olderStay: true });
    world.server.state.denied.clear();
    expect(await world.store.stat([photo.key], call)).toEqual(new Map());
    expect((await world.store.traces(photo.key, call)).map(({ kind }) => kind)).toContain("version");
    expect(await world.store.remove(photo.key, call)).toMatchObject({ olderStay: false });
    expect(statesOf(world, HASH)).toBe(0);
  }),
);

test.each<readonly [Operation]>([["ListObjectVersions"], ["DeleteObjectVersion"]])(
  "where the keys have no %s, the blob goes and it is told that older versions stay, also the second time",
  async (denied) => {
    await inWorld(AWS_LIKE, async (world) => {
      await rewritten(world);
      world.server.state.denied.add(denied);
      expect(await world.store.remove(photo.key, call)).toMatchObject({ olderStay: true });
      expect(await world.store.stat([photo.key], call)).toEqual(new Map());
      expect(await world.store.remove(photo.key, call)).toMatchObject({ removed: 0, olderStay: true });
      expect(statesOf(world, HASH)).toBe(4);
    })();
  },
);

test.each<readonly [Operation]>([["ListObjectVersions"], ["DeleteObjectVersion"]])(
  "without %s in a bucket that keeps no versions nothing stays",
  async (denied) => {
    await inWorld(AWS_LIKE, async (world) => {
      await world.store.put(photo, call);
      world.server.state.denied.add(denied);
      expect(await world.store.remove(photo.key, call)).toEqual({ removed: 1, olderStay: false });
    })();
  },
);

test(
  "an upload in parts that was begun is told and given up, another blob's is not",
  inWorld(
    SMALL_PARTS,
    async (world) => {
      const other = blobOf(sampleBytes(40_000, 8));
      await world.store.put(blobOf(sampleBytes(100, 2)), call);
      for (const blob of [photo, other]) {
        const stop = new AbortController();
        const breaking = {
          ...blob,
          async *open() {
            let given = 0;
            for await (const part of blob.open()) {
              yield part.subarray(0, 25_000);
              given++;
              if (given === 1) setTimeout(() => stop.abort(), 50);
              await new Promise(() => {});
            }
          },
        };
        await world.store.put(breaking, stop).catch(() => {});
      }
      const uploads = () => [...world.server.bucket("photos").uploads.values()].map(({ key }) => key);
      expect(uploads().sort()).toEqual([PREFIX + photo.key, PREFIX + other.key].sort());
      expect((await world.store.traces(photo.key, call)).map(({ kind }) => kind)).toEqual(["upload"]);
      expect(await world.store.remove(photo.key, call)).toEqual({ removed: 1, olderStay: false });
      expect(uploads()).toEqual([PREFIX + other.key]);
      expect((await world.notes.all()).map(({ key }) => key)).toEqual([other.key]);
    },
    PARTS,
  ),
);

test(
  "a refusal to remove anything is an error, and the blob stays",
  inWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    world.server.state.denied.add("DeleteObject").add("DeleteObjectVersion");
    await expect(world.store.remove(photo.key, call)).rejects.toMatchObject({ code: "store.no-permission" });
    expect(await world.store.stat([photo.key], call)).toEqual(new Map([[photo.key, photo.sizeBytes]]));
  }),
);

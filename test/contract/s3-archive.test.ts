import { expect, it } from "vitest";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { call } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, PARTS, PREFIX, photo, SMALL_PARTS } from "./s3-opened.js";

const DEEP = { keeping: { StorageClass: "DEEP_ARCHIVE" } } as const;
const GLACIER = { keeping: { StorageClass: "GLACIER" } } as const;
const HOW = { days: 7, tier: "standard", ask: true } as const;

it.each([
  ["whole", DEEP],
  ["in parts", { ...DEEP, ...PARTS }],
])(
  "originals go into an archive %s, proven by their checksums, and everything else stays readable",
  (_, settings) =>
    inWorld(
      SMALL_PARTS,
      async (world) => {
        const { store, server } = world;
        expect(await store.put(photo, call)).toEqual({ kind: "stored" });
        const kept = [...world.objects()].map(([key, { storageClass }]) => [key, storageClass]);
        expect(kept).toContainEqual([PREFIX + photo.key, "DEEP_ARCHIVE"]);
        expect(kept.filter(([, storageClass]) => storageClass !== "STANDARD")).toHaveLength(1);
        expect(count(world, "GetObject", photo.key)).toBe(0);
        // Another run finds it there, without reading it.
        expect(await world.again().put(photo, call)).toEqual({ kind: "already" });
        expect(await store.stat([photo.key], call)).toEqual(new Map([[photo.key, photo.sizeBytes]]));
        await expect(collect(store.get(photo.key, call))).rejects.toMatchObject({
          kind: "transient",
          code: "store.archived",
          data: { key: photo.key },
        });
        expect(server.state.log.length).toBeGreaterThan(0);
      },
      settings,
    )(),
);

it(
  "what is archived is asked back once, comes, and is read",
  inWorld(
    AWS_LIKE,
    async (world) => {
      const { store, server } = world;
      const other = blobOf(sampleBytes(100, 2));
      await store.put(photo, call);
      const thaw = async (ask = true) => [
        ...((await store.thaw?.([photo.key, other.key], { ...HOW, ask }, call))?.values() ?? []),
      ];
      expect(await thaw(false)).toEqual([{ kind: "asked", hours: 5 }, { kind: "absent" }]);
      expect(count(world, "RestoreObject")).toBe(0);
      expect(await thaw()).toEqual([{ kind: "asked", hours: 5 }, { kind: "absent" }]);
      expect(await thaw()).toEqual([{ kind: "coming", hours: 5 }, { kind: "absent" }]);
      await expect(collect(store.get(photo.key, call))).rejects.toMatchObject({ code: "store.archived" });
      expect(count(world, "RestoreObject")).toBe(1);
      server.thaw();
      expect(await thaw()).toEqual([{ kind: "ready" }, { kind: "absent" }]);
      expect(await collect(store.get(photo.key, call))).toEqual(sampleBytes(40_000, 1));
    },
    GLACIER,
  ),
);

it(
  "the deep archive knows no haste, and two who ask at once both hear that it is coming",
  inWorld(
    AWS_LIKE,
    async ({ store, again }) => {
      await store.put(photo, call);
      const hasty = { ...HOW, tier: "expedited" } as const;
      const both = await Promise.all([store, again()].map((each) => each.thaw?.([photo.key], hasty, call)));
      const kinds = both.map((found) => found?.get(photo.key)?.kind).sort();
      expect([
        ["asked", "coming"],
        ["asked", "asked"],
      ]).toContainEqual(kinds);
    },
    DEEP,
  ),
);

it(
  "one that is refused keeps no other from being asked back",
  inWorld(
    AWS_LIKE,
    async (world) => {
      const { store, server } = world;
      const others = [2, 3].map((seed) => blobOf(sampleBytes(100, seed)));
      for (const blob of [photo, ...others]) await store.put(blob, call);
      server.faults.add({
        kind: "refuse",
        operation: "RestoreObject",
        key: photo.key,
        refusal: { status: 400, code: "InvalidArgument" },
      });
      const found = await store.thaw?.(
        [photo, ...others].map(({ key }) => key),
        HOW,
        call,
      );
      expect(found?.get(photo.key)).toMatchObject({ kind: "refused", error: { code: "store.refused" } });
      for (const { key } of others) expect(found?.get(key)).toMatchObject({ kind: "asked" });
      expect(await store.thaw?.([photo.key], { ...HOW, ask: false }, call)).toEqual(
        new Map([[photo.key, { kind: "asked", hours: 5 }]]),
      );
    },
    GLACIER,
  ),
);

it(
  "keys that may not ask back hear so",
  inWorld(
    AWS_LIKE,
    async ({ store, server }) => {
      await store.put(photo, call);
      server.state.denied.add("RestoreObject");
      const found = await store.thaw?.([photo.key], HOW, call);
      expect(found?.get(photo.key)).toMatchObject({
        kind: "refused",
        error: { code: "store.no-permission" },
      });
    },
    DEEP,
  ),
);

it.each([
  ["keeps no checksums", { ...CEPH_LIKE, classes: true }, "store.archive-unproven"],
  [
    "keeps no archive and does not say so",
    { ...AWS_LIKE, classes: "ignores" as const },
    "store.class-not-kept",
  ],
  ["refuses the class", { ...AWS_LIKE, classes: false }, "store.refused"],
  ["can prove nothing", { ...POOR, classes: true }, "store.archive-unproven"],
])("an archive is refused on a server that %s, before anything is stored", (_, profile, code) =>
  inWorld(
    profile,
    async ({ store, objects }) => {
      await expect(store.test(call)).rejects.toMatchObject({ code });
      await expect(store.put(photo, call)).rejects.toMatchObject({ code });
      expect(objects().size).toBe(0);
    },
    DEEP,
  )(),
);

it(
  "a server that says another checksum than was sent is found out, although nothing can be read back",
  inWorld(
    AWS_LIKE,
    async ({ store, server, objects }) => {
      await store.test(call);
      server.state.profile = { ...server.state.profile, checksums: "lies" };
      await expect(store.put(photo, call)).rejects.toMatchObject({ code: "store.unreliable" });
      expect(objects().has(PREFIX + photo.key)).toBe(false);
    },
    DEEP,
  ),
);

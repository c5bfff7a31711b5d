import { expect, test } from "vitest";
import { bundleName } from "../../src/domain/bundle-name.js";
import type { LibraryHistory } from "../../src/ports/library-history.js";
import { AWS_LIKE, POOR } from "../emulators/s3/state.js";
import { encryptedBy, PASSPHRASE } from "./behind-bucket.js";
import { call, keysOf } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { count, inWorld, PREFIX, photo, type S3World } from "./s3-opened.js";
import { inSealedWorld } from "./sealed-opened.js";

const first = (digit: string) => digit.repeat(40);
/** A library whose history begins with a commit of this digit alone. */
const historyOf = (digit: string): LibraryHistory => ({
  first: async () => first(digit),
  knows: async (commit) => commit === first(digit),
});
const [mine, others] = [historyOf("a"), historyOf("b")];
const other = blobOf(sampleBytes(500, 9));

const seen = (world: S3World) =>
  [...world.objects()].map(([key, { bytes }]) => [key, bytes.toString("latin1")] as const);

const kinds = [
  ["in the clear", AWS_LIKE, false],
  ["in the clear, on a server that knows no conditions", POOR, false],
  ["encrypted", AWS_LIKE, true],
] as const;

test.each(kinds)(
  "another library's store of the same name is left alone (%s)",
  async (_, profile, sealed) => {
    const inSome = sealed ? inSealedWorld : inWorld;
    await inSome(profile, async (world) => {
      const store = world.again({ library: mine });
      await store.put(photo, call);
      const before = new Map(world.objects());
      const theirs = world.again({ library: others, elsewhere: true });
      expect(await theirs.availability(call)).toBe("gone");
      expect(theirs.trouble?.()).toMatchObject({ kind: "user", code: "store.other-library" });
      for (const refused of [
        theirs.put(other, call),
        theirs.bundles.put({ ...other, name: bundleName("2026-11-22T01:02:03.000Z", first("c")) }, call),
      ])
        await expect(refused).rejects.toMatchObject({ code: "store.other-library" });
      for (const refused of [
        theirs.stat([photo.key], call),
        theirs.remove(photo.key, call),
        theirs.traces(photo.key, call),
        keysOf(theirs),
      ])
        await expect(refused).rejects.toMatchObject({
          code: "store.unavailable",
          data: { because: "store.other-library" },
        });
      expect(new Map(world.objects())).toEqual(before);
      // A clone of the library has its first commit, too, and one that cannot tell believes.
      for (const library of [mine, { first: async () => null, knows: async () => true }])
        expect(await world.again({ library, elsewhere: true }).put(photo, call)).toEqual({ kind: "already" });
    })();
  },
);

test.each([
  ["AWS", AWS_LIKE],
  ["one that knows no conditions", POOR],
] as const)(
  "a store from before says whose it is once it is shown to hold what is recorded, on a server like %s",
  async (_, profile) => {
    await inWorld(profile, async (world) => {
      await world.store.put(photo, call);
      const marker = () => world.objects().get(`${PREFIX}.photosync-store`)?.bytes.toString() ?? "";
      const recorded = [{ key: photo.key, bytes: photo.sizeBytes }];
      const stranger = world.again({ library: others });
      expect(await stranger.availability(call)).toBe("ready");
      await stranger.sign?.(() => [], call);
      await stranger.sign?.(() => [{ key: other.key, bytes: other.sizeBytes }], call);
      await stranger.sign?.(() => [{ key: photo.key, bytes: 1 }], call);
      expect(JSON.parse(marker())).toEqual({ format: 1, store: "bucket" });
      const store = world.again({ library: mine });
      expect(await store.availability(call)).toBe("ready");
      await store.sign?.(() => recorded, call);
      expect(JSON.parse(marker())).toEqual({ format: 1, store: "bucket", library: first("a") });
      const requests = world.server.state.log.length;
      await store.sign?.(() => recorded, call);
      expect(world.server.state.log).toHaveLength(requests);
      await expect(stranger.sign?.(() => recorded, call)).resolves.toBeUndefined();
      expect(await world.again({ library: others }).availability(call)).toBe("gone");
      expect(await world.inTheClear().availability(call)).toBe("ready");
    })();
  },
);

test(
  "what only looks like a store is marked, and nobody's until it is shown to be",
  inWorld(AWS_LIKE, async (world) => {
    world.plant(photo.key, sampleBytes(40_000, 1));
    await world.again({ library: mine }).put(other, call);
    expect(count(world, "PutObject", ".photosync-store")).toBe(1);
    expect(await world.again({ library: others }).availability(call)).toBe("ready");
  }),
);

test(
  "an encrypted store says whose it is inside of its key file alone, one from before once it is locked anew",
  inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    expect((await world.key()).library).toBeNull();
    const store = world.again({ library: mine });
    expect(await store.put(photo, call)).toEqual({ kind: "already" });
    await store.sign?.(() => [{ key: photo.key, bytes: photo.sizeBytes }], call);
    expect((await world.key()).library).toBeNull();
    const identity = (await world.key()).identity.secret;
    expect(await store.rekey({ former: [], isDry: false }, call)).toMatchObject({ changed: true });
    expect(await world.key()).toMatchObject({ library: first("a"), identity: { secret: identity } });
    expect(await store.rekey({ former: [], isDry: false }, call)).toMatchObject({ changed: false });
    expect(await collect(world.again({ library: mine }).get(photo.key, call))).toEqual(
      sampleBytes(40_000, 1),
    );
    const stranger = world.again({ library: others, encryption: encryptedBy("another passphrase") });
    await expect(
      stranger.rekey({ former: [{ passphrase: PASSPHRASE }], isDry: false }, call),
    ).rejects.toMatchObject({ code: "store.other-library" });
    for (const [name, text] of seen(world)) expect(`${name} ${text}`).not.toContain(first("a"));
  }),
);

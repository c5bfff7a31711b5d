import { expect, test } from "vitest";
import { AWS_LIKE } from "../emulators/s3/state.js";
import { call, keysOf } from "./blob-store-opened.js";
import { inWorld, photo, QUICK, type S3World } from "./s3-opened.js";

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

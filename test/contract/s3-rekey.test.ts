import { expect, test } from "vitest";
import { newIdentity } from "../../src/infra/age/x25519-header.js";
import { AWS_LIKE } from "../emulators/s3/state.js";
import { encryptedBy, PASSPHRASE } from "./behind-bucket.js";
import { call } from "./blob-store-opened.js";
import { collect, sampleBytes } from "./blob-store-samples.js";
import { PREFIX, photo } from "./s3-opened.js";
import { inSealedWorld, openSealedWorld, type SealedWorld } from "./sealed-opened.js";

const keyFiles = (world: SealedWorld): string[] =>
  [...world.objects().keys()].map((key) => key.slice(PREFIX.length)).filter((name) => name.startsWith("key"));

const NEW = "a quite different passphrase";

test(
  "a new passphrase changes the key file alone, and the old one is kept beside it",
  inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const before = new Map(world.objects());
    const store = world.again({ encryption: encryptedBy(NEW) });
    await expect(store.put(photo, call)).rejects.toMatchObject({ code: "store.wrong-passphrase" });
    const former = [{}, { passphrase: PASSPHRASE }];
    expect(await store.rekey({ former, isDry: true }, call)).toEqual({ changed: true, keptAs: null });
    expect(new Map(world.objects())).toEqual(before);
    const done = await store.rekey({ former, isDry: false }, call);
    expect(done).toMatchObject({ changed: true });
    const [, kept = ""] = keyFiles(world).sort().reverse();
    expect(kept).toMatch(/^key-\d{8}T\d{6}Z-[0-9a-f]{8}\.age$/);
    expect(done.keptAs).toBe(`s3://photos/${PREFIX}${kept}`);
    expect(world.objects().get(PREFIX + kept)?.bytes).toEqual(before.get(`${PREFIX}key.age`)?.bytes);
    for (const [name, object] of before)
      if (!name.endsWith("key.age")) expect(world.objects().get(name)).toBe(object);
    expect(await store.put(photo, call)).toEqual({ kind: "already" });
    expect(await collect(store.get(photo.key, call))).toEqual(sampleBytes(40_000, 1));
    await expect(world.again().put(photo, call)).rejects.toMatchObject({ code: "store.wrong-passphrase" });
    expect(await store.rekey({ former: [], isDry: false }, call)).toEqual({ changed: false, keptAs: null });
    expect(keyFiles(world)).toHaveLength(2);
  }),
);

test("recipients are added and taken away, and a passphrase becomes recipients", async () => {
  const [a, b] = [newIdentity(), newIdentity()];
  const world = await openSealedWorld(AWS_LIKE);
  await world.store.put(photo, call);
  const as = (identity: string, ...recipients: string[]) =>
    world.again({
      encryption: { lock: { kind: "recipients", recipients }, secrets: async () => ({ identity }) },
    });
  const both = [a.recipient, b.recipient];
  await as(a.secret, ...both).rekey({ former: [{ passphrase: PASSPHRASE }], isDry: false }, call);
  for (const { secret } of [a, b])
    expect(await as(secret, ...both).put(photo, call)).toEqual({ kind: "already" });
  await as(b.secret, b.recipient).rekey({ former: [], isDry: false }, call);
  await expect(as(a.secret, ...both).put(photo, call)).rejects.toMatchObject({
    code: "store.wrong-identity",
  });
  expect(await as(b.secret, b.recipient).put(photo, call)).toEqual({ kind: "already" });
  expect(keyFiles(world)).toHaveLength(3);
  await world.close();
});

test.each([
  ["who has no old passphrase", encryptedBy(NEW), [], "store.wrong-passphrase"],
  ["who has a wrong old one", encryptedBy(NEW), [{ passphrase: "guess" }], "store.wrong-passphrase"],
  ["who gives no new one", encryptedBy(undefined), [{ passphrase: PASSPHRASE }], "store.no-passphrase"],
  [
    "who would lock himself out",
    {
      lock: { kind: "recipients", recipients: [newIdentity().recipient] },
      secrets: async () => ({ identity: newIdentity().secret }),
    },
    [{ passphrase: PASSPHRASE }],
    "store.wrong-identity",
  ],
] as const)("one %s changes nothing", async (_, encryption, former, code) => {
  await inSealedWorld(AWS_LIKE, async (world) => {
    await world.store.put(photo, call);
    const before = new Map(world.objects());
    await expect(
      world.again({ encryption }).rekey({ former: former, isDry: false }, call),
    ).rejects.toMatchObject({
      kind: "auth",
      code,
    });
    expect(new Map(world.objects())).toEqual(before);
  })();
});

test(
  "a store that was never used, and one in the clear, have no key to lock anew",
  inSealedWorld(AWS_LIKE, async (world) => {
    await expect(world.store.rekey({ former: [], isDry: false }, call)).rejects.toMatchObject({
      code: "store.no-key-file",
    });
    await expect(world.inTheClear().rekey({ former: [], isDry: false }, call)).rejects.toMatchObject({
      code: "store.not-sealed",
    });
    expect(world.objects().size).toBe(0);
  }),
);

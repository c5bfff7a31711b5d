import { expect, it, test } from "vitest";
import { newIdentity } from "../../../../../src/infra/age/x25519-header.js";
import {
  type Lock,
  lockKey,
  type StoreSecrets,
  unlockKey,
  weakness,
} from "../../../../../src/stores/s3/sealing/key-file.js";

it.each([
  ["", true],
  ["thirteen char", true],
  ["fourteen chars", false],
  ["🙂🙂🙂🙂🙂🙂🙂", true],
  ["correct horse battery staple", false],
])("%j is too short: %s", (passphrase, isWeak) => {
  expect(weakness(passphrase) !== null).toBe(isWeak);
});

const key = { store: "bucket", library: "0123456789abcdef0123456789abcdef01234567", identity: newIdentity() };
const owner = newIdentity();
const stranger = newIdentity();
const passphrase = "correct horse battery staple";
const locks: Readonly<Record<string, readonly [Lock, StoreSecrets]>> = {
  "a passphrase": [{ kind: "passphrase" }, { passphrase }],
  "two recipients": [
    { kind: "recipients", recipients: [stranger.recipient, owner.recipient] },
    { identity: `# mine\n${owner.secret}\n` },
  ],
};

test.each(Object.keys(locks))(
  "a key file locked to %s opens, and one that was changed is damaged",
  async (to) => {
    const [lock = { kind: "passphrase" }, secrets = {}] = locks[to] ?? [];
    const bytes = await lockKey(key, lock, secrets, "2026-11-22T00:00:00.000Z", { workFactor: 2 });
    expect(await unlockKey(bytes, secrets, "bucket")).toEqual(key);
    const text = Buffer.from(bytes).toString("latin1");
    const places = {
      "its first line": 3,
      "its MAC": text.indexOf("\n--- ") + 9,
      "its payload": bytes.length - 3,
    };
    for (const at of Object.values(places)) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(unlockKey(changed, secrets, "bucket")).rejects.toMatchObject({
        code: "store.damaged-key",
      });
    }
  },
);

it("says which variable of the environment would open it", async () => {
  const lock = { kind: "recipients", recipients: [owner.recipient] } as const;
  const none = lockKey({ ...key, store: "my nas" }, lock, {}, "2026-11-22T00:00:00.000Z");
  await expect(none).rejects.toMatchObject({
    code: "store.no-identity",
    next: [expect.stringContaining("PHOTOSYNC_STORE_MY_NAS_IDENTITY")],
  });
});

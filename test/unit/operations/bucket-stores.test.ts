import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { S3StoreSettings } from "../../../src/domain/preferences.js";
import { newIdentity } from "../../../src/infra/age/x25519-header.js";
import { namedStores, type StoreSurroundings } from "../../../src/operations/open-stores.js";
import { lockKey } from "../../../src/stores/s3/sealing/key-file.js";
import { call } from "../../contract/blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "../../contract/blob-store-samples.js";
import { startS3, TEST_KEYS, TEST_REGION } from "../../emulators/s3/start.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";

const blob = blobOf(sampleBytes(2000, 1));

/** The one store of these settings in an emulated bucket. */
async function open(
  settings: Partial<S3StoreSettings>,
  env: Record<string, string> = {},
  run: Pick<StoreSurroundings, "uploadBytesPerSecond"> = {},
  others: Record<string, S3StoreSettings> = {},
) {
  const root = await mkdtemp(join(tmpdir(), "photosync-bucket-"));
  const server = await startS3();
  onTestFinished(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const cloud: S3StoreSettings = {
    type: "s3",
    bucket: "photos",
    region: TEST_REGION,
    endpoint: server.url,
    ...settings,
  };
  const again = () => {
    const [configured] = namedStores(
      {
        schema_version: 1,
        default_visibility: "private",
        auto_resolve: [],
        blob_storage: { primary: "cloud", stores: { cloud, ...others } },
        sync_preferences: {
          download_originals: true,
          max_parallel_downloads: 4,
          incremental_sync_days: 30,
        },
      },
      root,
      { ...nobodysComputer, env: { ...nobodysComputer.env, ...env }, ...run },
    );
    if (configured?.store == null) throw new Error("no store");
    return { store: configured.store, where: configured.where };
  };
  return { ...again(), server, again };
}

const KEYS = { AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey };

it("is opened from its settings and keeps what is put", async () => {
  const { store, server, where } = await open({ prefix: "a/b", storage_class: "STANDARD_IA" }, KEYS);
  expect(where).toBe("s3://photos/a/b");
  expect(await store.availability(call)).toBe("new");
  expect(await store.put(blob, call)).toEqual({ kind: "stored" });
  expect(await collect(store.get(blob.key, call))).toEqual(sampleBytes(2000, 1));
  expect(server.bucket("photos").objects.get(`a/b/${blob.key}`)?.storageClass).toBe("STANDARD_IA");
});

it.each([
  ["encryption and no passphrase", { encryption: "age" }, KEYS, "store.no-passphrase"],
  [
    "encryption to what is no recipient",
    { encryption: { method: "recipients", recipients: ["age1nobody"] } },
    KEYS,
    "config.store",
  ],
  ["settings that mean nothing", { max_upload_rate: "fast" }, KEYS, "config.store"],
  ["no keys", {}, {}, "store.no-keys"],
] as const)("with %s it is gone, says why, and takes nothing", async (_, settings, env, code) => {
  const { store, server } = await open(settings, env);
  expect(await store.availability(call)).toBe("gone");
  expect(store.trouble?.()).toMatchObject({ code });
  await expect(store.put(blob, call)).rejects.toMatchObject({ code });
  expect(server.bucket("photos").objects.size).toBe(0);
});

it("is not opened by bare AWS names where another store in a bucket, though switched off, could be meant", async () => {
  const other: S3StoreSettings = { type: "s3", bucket: "elsewhere", region: TEST_REGION, enabled: false };
  const { store } = await open({}, KEYS, {}, { other });
  expect(await store.availability(call)).toBe("gone");
  expect(store.trouble?.()).toMatchObject({ code: "store.no-keys" });
  const own = {
    PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  };
  expect(await (await open({}, own, {}, { other })).store.availability(call)).toBe("new");
});

const IDENTITY = newIdentity();

it.each([
  ["a passphrase for all stores", "age", { PHOTOSYNC_PASSPHRASE: "correct horse battery staple" }],
  [
    "a passphrase of its own",
    { method: "passphrase" },
    { PHOTOSYNC_PASSPHRASE: "another", PHOTOSYNC_STORE_CLOUD_PASSPHRASE: "correct horse battery staple" },
  ],
  [
    "an identity",
    { method: "recipients", recipients: [IDENTITY.recipient] },
    { PHOTOSYNC_STORE_CLOUD_IDENTITY: `# mine\n${IDENTITY.secret}\n` },
  ],
] as const)("encrypted with %s it keeps what is put, and shows nothing of it", async (_, encryption, env) => {
  const { store, server } = await open({ encryption }, { ...KEYS, ...env });
  expect(await store.put(blob, call)).toEqual({ kind: "stored" });
  expect(await collect(store.get(blob.key, call))).toEqual(sampleBytes(2000, 1));
  const objects = [...server.bucket("photos").objects.entries()];
  expect(objects.map(([key]) => key.split("/")[0])).toEqual(["key.age", "o"]);
  for (const [key, { bytes }] of objects) {
    expect(key).not.toMatch(/cloud|2024\/|\.jpg/);
    expect(bytes.toString("latin1")).toMatch(/^age-encryption\.org\/v1\n/);
  }
});

it("uses no key that somebody else has put in the place of its own", async () => {
  const recipients = [IDENTITY.recipient];
  const secrets = { identity: IDENTITY.secret };
  const opened = await open(
    { encryption: { method: "recipients", recipients } },
    { ...KEYS, PHOTOSYNC_STORE_CLOUD_IDENTITY: secrets.identity },
  );
  const { objects } = opened.server.bucket("photos");
  await opened.store.put(blob, call);
  const own = objects.get("key.age");
  if (own === undefined) throw new Error("no key file");
  const planted = await lockKey(
    { store: "cloud", library: null, identity: newIdentity() },
    { kind: "recipients", recipients },
    secrets,
    "2026-11-22T00:00:00.000Z",
  );
  objects.set("key.age", { ...own, bytes: Buffer.from(planted) });
  const { store } = opened.again();
  const other = blobOf(sampleBytes(2000, 2));
  await expect(store.put(other, call)).rejects.toMatchObject({ kind: "integrity", code: "store.other-key" });
  await expect(collect(store.get(blob.key, call))).rejects.toMatchObject({ code: "store.other-key" });
  expect(objects.size).toBe(2);
  objects.set("key.age", own);
  expect(await collect(opened.again().store.get(blob.key, call))).toEqual(sampleBytes(2000, 1));
  objects.clear();
  expect(await opened.again().store.put(blob, call)).toEqual({ kind: "stored" });
  expect(await collect(opened.again().store.get(blob.key, call))).toEqual(sampleBytes(2000, 1));
});

it.each([
  ["the run's, where the settings say nothing", {}, 64_000],
  ["the run's, where it is less", { max_upload_rate: "10MB/s" }, 64_000],
  ["its own, where that is less", { max_upload_rate: "64kB/s" }, 10_000_000],
] as const)("sends no more than %s", async (_, settings, uploadBytesPerSecond) => {
  const { store } = await open(settings, KEYS, { uploadBytesPerSecond });
  await store.put(blob, call);
  const began = performance.now();
  await store.put(blobOf(sampleBytes(100_000, 2)), call);
  expect(performance.now() - began).toBeGreaterThan(900);
});

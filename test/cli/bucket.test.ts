import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type S3Emulator, startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { AWS_LIKE, CEPH_LIKE, POOR, type Profile } from "../emulators/s3/state.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, start } from "./run-program.js";

const KEYS = {
  PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
  PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  PHOTOSYNC_KEYCHAIN: "off",
};

interface World {
  readonly home: string;
  readonly server: S3Emulator;
  readonly library: Library;
  readonly environment: Record<string, string>;
  blobs(): string[];
}

/** A library with three resolved photos, a local store and one in an emulated bucket. */
async function world(profile: Profile, keys: Record<string, string> = KEYS): Promise<World> {
  const home = await tempFolder();
  const server = await startS3({ profile });
  onTestFinished(() => server.close());
  for (const seed of [1, 2, 3]) await put(join(home, "pictures"), `${seed}.jpg`, await picture(seed));
  const environment = { HOME: join(home, "user"), ...keys };
  const library = await Library.fresh(join(home, "library"), environment);
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  preferences.blob_storage.stores = {
    cloud: { type: "s3", bucket: "photos", prefix: "lib", region: TEST_REGION, endpoint: server.url },
  };
  await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "a bucket");
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  const blobs = () =>
    [...server.bucket("photos").objects.keys()].filter((key) => /^lib\/(?:\d|undated)/.test(key));
  return { home, server, library, environment, blobs };
}

it.each([
  ["AWS", AWS_LIKE],
  ["Ceph", CEPH_LIKE],
  ["nothing but the protocol", POOR],
] as const)(
  "originals reach a bucket that knows %s, are proven there, and mended when they rot",
  async (_, profile) => {
    const { library, server, blobs } = await world(profile);
    const shown = await library.run("replicate");
    expect(shown).toMatchObject({ exit: 0, counts: { planned: 6, done: 0 } });
    expect(server.bucket("photos").objects.size).toBe(0);
    expect(await library.run("replicate", "--execute")).toMatchObject({
      exit: 0,
      counts: { done: 6, failed: 0 },
    });
    expect(blobs()).toHaveLength(3);
    for (const key of blobs()) {
      const bytes = server.bucket("photos").objects.get(key)?.bytes ?? Buffer.alloc(0);
      expect(key).toContain(createHash("sha256").update(bytes).digest("hex"));
    }
    const sums = server.bucket("photos").objects.get("lib/SHA256SUMS")?.bytes.toString();
    expect(sums).toBe(await readFile(join(library.path, "blobs", "SHA256SUMS"), "utf8"));
    expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { planned: 0 } });
    expect(await library.run("verify")).toMatchObject({ exit: 0, counts: { checked: 6, ok: 6 } });
    expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 6, ok: 6 } });
    expect((await library.run("status")).stores).toMatchObject([
      { name: "cloud", where: "s3://photos/lib", replicas: 3, missing: 0, note: null },
      { name: "local", replicas: 3 },
    ]);
    expect((await library.run("doctor")).checks.filter(({ level }) => level === "problem")).toEqual([]);

    const [rotten = "", lost = ""] = blobs();
    const object = server.bucket("photos").objects.get(rotten);
    if (object !== undefined) object.bytes[9] = (object.bytes[9] ?? 0) ^ 1;
    server.bucket("photos").objects.delete(lost);
    expect(await library.run("verify", "--deep")).toMatchObject({
      exit: 14,
      counts: { corrupt: 1, missing: 1 },
    });
    const mended = await library.run("replicate", "--execute");
    expect(mended).toMatchObject({ exit: 0, counts: { done: 2 } });
    expect(mended.notes.join()).toContain("s3://photos/lib/.set-aside/");
    expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 6, ok: 6 } });
  },
);

it("what a library costs is told before anything is sent, store by store, and for every provider", async () => {
  const { library, server } = await world(AWS_LIKE);
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  preferences.blob_storage.stores.cloud.preset = "aws";
  await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "whose bucket it is");
  const asked = server.state.log.length;
  const told = await library.run("estimate", "--all-presets");
  expect(server.state.log.length).toBe(asked);
  expect(told.places.slice(0, 2)).toMatchObject([
    { store: "cloud", preset: "aws", adds: { objects: 3 }, costs: { upload: 16 } },
    { store: "local", preset: null, costs: null },
  ]);
  const { costs } = await library.run("replicate");
  expect(costs).toMatchObject([
    { store: "cloud", adds: { objects: 3 }, costs: { upload: 16, month_now: 0 } },
  ]);
  expect(costs[0]?.costs).toEqual(told.places[0]?.costs);
});

it("a bucket that cannot be used says why, records nothing, and does not hold up the other store", async () => {
  const { library, server } = await world(AWS_LIKE);
  server.state.denied.add("ListObjectsV2");
  const refused = await library.run("replicate", "--execute");
  expect(refused).toMatchObject({ exit: 3, counts: { done: 3 } });
  expect(refused.failures.map(({ message }) => message).join()).toContain("may not");
  expect(await library.run("status")).toMatchObject({
    stores: [
      { name: "cloud", replicas: 0, note: expect.stringContaining("AccessDenied") },
      { name: "local", replicas: 3 },
    ],
  });
  server.state.denied.clear();
  server.state.denied.add("PutObject");
  const unwritten = await library.run("replicate", "--execute");
  expect(unwritten).toMatchObject({ exit: 3, counts: { done: 0 } });
  expect(unwritten.failures).toMatchObject([{ subject: "store cloud", code: "store.no-permission" }]);
  server.state.denied.clear();
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 3 } });
  server.expire();
  expect(await library.run("verify")).toMatchObject({
    exit: 3,
    counts: { checked: 3, ok: 3, missing: 0, corrupt: 0 },
  });
  const [problem] = (await library.run("doctor")).checks.filter(({ level }) => level === "problem");
  expect(problem?.found).toContain("expired");
});

it("without keys it says which to set, and a secret is nowhere in what is printed or kept", async () => {
  const { library, environment } = await world(AWS_LIKE, { PHOTOSYNC_KEYCHAIN: "off" });
  const held = await library.run("replicate", "--execute");
  expect(held).toMatchObject({ exit: 3, counts: { done: 3 } });
  const withKeys = new Library(library.path, {
    ...environment,
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: "a-wrong-secret",
  });
  const wrong = await withKeys.run("doctor");
  expect(JSON.stringify(wrong)).not.toContain("a-wrong-secret");
  expect(wrong.checks.some(({ found }) => found.includes("SignatureDoesNotMatch"))).toBe(true);
});

it("killed in the middle of a big upload, the next run sends only the parts that are missing", async () => {
  const { library, server, environment, home } = await world(CEPH_LIKE);
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0 });
  const big = Buffer.concat([await picture(9), Buffer.alloc(45 * 1024 ** 2, 7)]);
  await put(join(home, "pictures"), "big.jpg", big);
  await library.run("discover");
  await library.run("resolve");
  const { child, ended } = start(["replicate", "--execute", "--library", library.path], environment);
  const parts = () => server.state.log.filter(({ operation }) => operation === "UploadPart").length;
  const before = parts();
  while (parts() - before < 3) await new Promise((wake) => setTimeout(wake, 2));
  child.kill("SIGKILL");
  await ended;
  const had = [...server.bucket("photos").uploads.values()].reduce(
    (sum, upload) => sum + upload.parts.size,
    0,
  );
  const sent = parts();
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { failed: 0 } });
  expect(had).toBeGreaterThan(0);
  expect(parts() - sent).toBe(6 - had);
  expect(server.bucket("photos").uploads.size).toBe(0);
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 8, ok: 8 } });
});

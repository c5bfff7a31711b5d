import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { initLibrary, openLibrary, recoverLibrary } from "../../../src/app.js";
import type { RecoverOptions } from "../../../src/operations/options.js";
import { blobsIn, picture, put } from "../../cli/files.js";
import { startS3, TEST_KEYS, TEST_REGION } from "../../emulators/s3/start.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { scriptedPerson } from "../../fixtures/scripted-person.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";

// Whole commands, with files that are synced: a slow disk takes its time.
vi.setConfig({ testTimeout: 120_000 });

const surroundings = {
  ...nobodysComputer,
  env: {
    ...nobodysComputer.env,
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    PHOTOSYNC_PASSPHRASE: "a long phrase that nobody else says",
  },
};
const run = quietRun();
const person = { tell: () => {}, open: async () => false, ask: null, paste: async () => null };
const git = (dir: string, ...args: readonly string[]) =>
  execFileSync("git", ["-C", dir, ...args], { encoding: "utf8" });

/** Opens a library for one deed. */
async function within<T>(dir: string, use: (library: Awaited<ReturnType<typeof openLibrary>>) => Promise<T>) {
  const library = await openLibrary(dir, surroundings);
  try {
    return await use(library);
  } finally {
    await library.close();
  }
}

/** A library with two rounds of photos, in its own store, on a disk and in a bucket. */
async function world(cloud: Record<string, unknown> = {}) {
  const home = await mkdtemp(join(tmpdir(), "photosync-recover-"));
  const server = await startS3();
  onTestFinished(async () => {
    await server.close();
    await rm(home, { recursive: true, force: true });
  });
  const original = join(home, "library");
  const disk = join(home, "disk");
  await initLibrary(original, run);
  const path = join(original, "config", "user-preferences.json");
  const preferences = JSON.parse(readFileSync(path, "utf8"));
  preferences.blob_storage.stores = {
    disk: { type: "local", path: disk },
    cloud: {
      type: "s3",
      bucket: "photos",
      prefix: "lib",
      region: TEST_REGION,
      endpoint: server.url,
      ...cloud,
    },
  };
  writeFileSync(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(original, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qam", "two stores");
  for (const seeds of [[1, 2], [3]]) {
    for (const seed of seeds) await put(join(home, "pictures"), `${seed}.jpg`, await picture(seed));
    await within(original, async (library) => {
      const scan = {
        paths: [join(home, "pictures")],
        fullScan: false,
        include: [],
        exclude: [],
        hidden: false,
      };
      await library.discover({ ...scan, dryRun: false }, run);
      await library.resolve({ autoResolve: "simple", dryRun: false }, run);
      const done = await library.replicate({ mode: "do", to: [], surroundings }, run);
      expect(done).toMatchObject({ outcome: "done", bundles: [{ outcome: "sent" }, {}, {}] });
    });
  }
  const url = `s3://photos/lib?region=${TEST_REGION}&endpoint=${encodeURIComponent(server.url)}`;
  const back = join(home, "back");
  const options: RecoverOptions = {
    url,
    cwd: home,
    directory: back,
    list: false,
    originals: false,
    surroundings,
    person,
  };
  return { home, server, original, disk, options, back };
}

it("a library comes back from a bucket alone, commit for commit and byte for byte", async () => {
  const { original, disk, options, back } = await world();
  const log = await within(original, (library) => library.log({}, run));
  const before = { head: git(original, "rev-parse", "HEAD"), blobs: await blobsIn(join(original, "blobs")) };
  const kept = `${original}.kept`;
  execFileSync("cp", ["-r", original, kept]);
  for (const gone of [original, disk]) rmSync(gone, { recursive: true });

  const recovered = await recoverLibrary(options, run);
  expect(recovered).toMatchObject({
    outcome: "done",
    commit: null,
    counts: { photos: 3 },
    store: { name: "cloud" },
  });
  expect(git(back, "rev-parse", "HEAD")).toBe(before.head);
  expect(git(back, "status", "--porcelain")).toBe("");
  expect(git(back, "fsck", "--strict", "--full")).not.toContain("error");
  git(kept, "diff", "--no-index", "--exit-code", join(kept, "photos"), join(back, "photos"));
  git(kept, "diff", "--no-index", "--exit-code", join(kept, "config"), join(back, "config"));
  expect((await within(back, (library) => library.log({}, run))).operations).toEqual(log.operations);
  expect(existsSync(join(back, ".photosync", "recover.json"))).toBe(false);
  // Its own new store says whose it is, and the bucket knows it again.
  const marker = join("blobs", ".photosync-store");
  expect(readFileSync(join(back, marker), "utf8")).toBe(readFileSync(join(kept, marker), "utf8"));
  expect(JSON.parse(readFileSync(join(back, marker), "utf8"))).toMatchObject({
    library: git(back, "rev-list", "--max-parents=0", "HEAD").trim(),
  });

  const verified = await within(back, (library) =>
    library.verify({ deep: true, repair: false, dryRun: false, surroundings }, run),
  );
  expect(verified.counts).toMatchObject({ checked: 6, ok: 3, missing: 3, corrupt: 0 });
  mkdirSync(disk, { recursive: true });
  const filled = await within(back, (library) =>
    library.replicate({ mode: "do", to: ["local"], surroundings }, run),
  );
  expect(filled).toMatchObject({ counts: { done: 3, failed: 0 } });
  expect(await blobsIn(join(back, "blobs"))).toEqual(before.blobs);
  const whole = await within(back, (library) =>
    library.verify({ deep: true, repair: false, dryRun: false, surroundings }, run),
  );
  expect(whole.counts).toMatchObject({ checked: 6, ok: 6, missing: 0, corrupt: 0 });
});

it("a torn bundle is passed over and told, one can be chosen, and originals come along when asked for", async () => {
  const { server, options, back } = await world();
  const objects = server.bucket("photos").objects;
  const names = [...objects.keys()].filter((key) => key.endsWith(".bundle")).sort();
  expect(await recoverLibrary({ ...options, list: true }, run)).toMatchObject({
    dry_run: true,
    generations: names.map((key) => ({ name: key.slice("lib/library/".length) })),
  });
  expect(existsSync(back)).toBe(false);
  const newest = objects.get(names.at(-1) ?? "");
  if (newest !== undefined) newest.bytes[500] = (newest.bytes[500] ?? 0) ^ 1;
  const older = names.at(-2)?.slice("lib/library/".length);
  const apart = "20200101T000000Z-ffffffffffff.bundle";
  if (newest !== undefined) objects.set(`lib/library/${apart}`, newest);
  const recovered = await recoverLibrary({ ...options, originals: true }, run);
  expect(recovered).toMatchObject({
    outcome: "partial",
    generation: older,
    counts: { photos: 2, originals: 2 },
  });
  expect(recovered.failures).toMatchObject([{ code: "bundle.damaged" }]);
  const asOf = expect.stringContaining(`as it stood on ${older?.slice(0, 4)}-`);
  expect(recovered.notes).toEqual([asOf, expect.stringContaining(apart)]);
  const chosen = {
    ...options,
    directory: `${back}2`,
    generation: names.at(-1)?.slice("lib/library/".length) ?? "",
  };
  await expect(recoverLibrary(chosen, run)).rejects.toMatchObject({ code: "bundle.damaged" });
  await expect(recoverLibrary({ ...chosen, generation: "nothing" }, run)).rejects.toMatchObject({
    code: "recover.no-generation",
  });
});

it("a store that moved is found where it is, and what is in the way is not touched", async () => {
  const { disk, home, options, back } = await world();
  const moved = join(home, "moved");
  execFileSync("mv", [disk, moved]);
  const fromDisk = { ...options, url: "moved" };
  mkdirSync(back);
  writeFileSync(join(back, "diary.txt"), "mine");
  await expect(recoverLibrary(fromDisk, run)).rejects.toMatchObject({ code: "recover.not-empty" });
  rmSync(join(back, "diary.txt"));
  const recovered = await recoverLibrary(fromDisk, run);
  expect(recovered).toMatchObject({
    outcome: "done",
    commit: expect.any(String),
    notes: [expect.stringContaining("as it stood on"), expect.stringContaining(moved)],
  });
  const preferences = JSON.parse(readFileSync(join(back, "config", "user-preferences.json"), "utf8"));
  expect(preferences.blob_storage.stores.disk).toEqual({ type: "local", path: moved });
  expect(preferences.blob_storage.stores.cloud).toMatchObject({ bucket: "photos" });
  expect(git(back, "status", "--porcelain")).toBe("");
  await expect(recoverLibrary(fromDisk, run)).rejects.toMatchObject({ code: "recover.not-empty" });
  await expect(recoverLibrary({ ...options, url: home }, run)).rejects.toMatchObject({
    code: "recover.no-store",
  });
});

it("cut short it goes on, and only from the same store", async () => {
  const { options, back, home, original, server } = await world();
  server.state.denied.add("GetObject");
  await expect(recoverLibrary(options, run)).rejects.toMatchObject({ kind: expect.any(String) });
  server.state.denied.clear();
  mkdirSync(join(back, ".photosync"), { recursive: true });
  const stop = new AbortController();
  const stopping = {
    ...run,
    signal: stop.signal,
    progress: { ...run.progress, stage: (label: string) => label.startsWith("Checking") && stop.abort() },
  };
  await expect(recoverLibrary(options, stopping)).rejects.toMatchObject({ code: "cancelled" });
  expect(existsSync(join(back, ".photosync", "recover.json"))).toBe(true);
  await expect(recoverLibrary({ ...options, url: join(home, "disk") }, run)).rejects.toMatchObject({
    code: "recover.other-store",
  });
  await recoverLibrary(options, run);
  expect(git(back, "rev-parse", "HEAD")).toBe(git(original, "rev-parse", "HEAD"));
  expect(git(back, "status", "--porcelain")).toBe("");
});

it("a sealed store asks for its passphrase, and gives the same library back", async () => {
  const { options, back, home, original, server } = await world({ encryption: { method: "passphrase" } });
  for (const { bytes } of server.bucket("photos").objects.values())
    expect(bytes.includes("git bundle")).toBe(false);
  const { PHOTOSYNC_PASSPHRASE: _, ...env } = surroundings.env;
  const forgetful = { ...options, surroundings: { ...surroundings, env } };
  await expect(recoverLibrary(forgetful, run)).rejects.toMatchObject({ code: "store.no-passphrase" });
  const mistaken = { ...surroundings, env: { ...env, PHOTOSYNC_PASSPHRASE: "a phrase of another store" } };
  await expect(recoverLibrary({ ...options, surroundings: mistaken }, run)).rejects.toMatchObject({
    code: "store.wrong-passphrase",
    message: expect.stringContaining("s3://photos/lib"),
  });
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...bare } = env;
  const computer = { ...surroundings, env: { ...bare, XDG_CONFIG_HOME: join(home, "config") } };
  const typist = scriptedPerson([
    [/Access key ID/, TEST_KEYS.accessKeyId],
    [/Secret/, TEST_KEYS.secretAccessKey],
    [/Passphrase/, "mistyped, but long enough to be one"],
    [/Passphrase/, surroundings.env.PHOTOSYNC_PASSPHRASE],
  ]);
  await recoverLibrary({ ...options, surroundings: computer, person: typist.person }, run);
  expect(typist.asked).toHaveLength(4);
  // What was typed once opens the store from now on.
  const library = await openLibrary(back, computer);
  const proven = await library.verify({ store: "cloud", deep: false, repair: false, dryRun: false }, run);
  await library.close();
  expect(proven).toMatchObject({ outcome: "done", counts: { ok: 3 } });
  expect(git(back, "rev-parse", "HEAD")).toBe(git(original, "rev-parse", "HEAD"));
  expect(git(back, "status", "--porcelain")).toBe("");
});

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { resultErrors } from "../fixtures/result-schema.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git, gitFsck, gitStatus, photosync, start } from "./run-program.js";

/** A library of two replicated photos, in a local store and a bucket that keeps versions. */
async function world() {
  const home = await tempFolder();
  const server = await startS3();
  onTestFinished(() => server.close());
  server.bucket("photos").versions = new Map();
  const pictures = join(home, "pictures");
  for (const seed of [1, 2]) await put(pictures, `${seed}.jpg`, await picture(seed));
  const environment = {
    HOME: join(home, "user"),
    PHOTOSYNC_KEYCHAIN: "off",
    PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  };
  const library = await Library.init(join(home, "library"), environment);
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  preferences.blob_storage.stores = {
    cloud: { type: "s3", bucket: "photos", region: TEST_REGION, endpoint: server.url },
  };
  await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "a bucket");
  await library.run("discover", pictures);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  const [victim, other] = (await library.run("list")).photos.map(({ photo_id }) => photo_id);
  if (victim === undefined || other === undefined) throw new Error("two photos were to be there");
  const forget = (...flags: readonly string[]) =>
    photosync(["forget", victim, "--everywhere", "--json", "--library", library.path, ...flags], environment);
  /** What is left of either photo, wherever it is. */
  const left = async (photo: string) => [
    ...Object.keys(await blobsIn(join(library.path, "blobs"))).filter((key) => key.includes(photo)),
    ...[...(server.bucket("photos").versions ?? [])]
      .filter(([key, versions]) => key.includes(photo) && versions.some(({ object }) => object !== null))
      .map(([key]) => key),
  ];
  return { library, server, environment, pictures, victim, other, forget, left };
}

it("a photo is forgotten in every store, with its versions, stays so, and is no more taken in", async () => {
  const { library, pictures, victim, other, forget, left } = await world();
  const refused = await forget();
  expect(refused).toMatchObject({ exit: 2, stdout: expect.stringContaining("forget.needs-confirm") });
  const shown = JSON.parse((await forget("--dry-run")).stdout);
  expect(resultErrors("forget", shown)).toEqual([]);
  expect(await left(victim)).toHaveLength(2);
  const done = await forget("--confirm", victim);
  const printed = JSON.parse(done.stdout);
  expect(resultErrors("forget", printed)).toEqual([]);
  expect(printed).toMatchObject({ ok: true, counts: { removed: 2, pending: 0 }, files: shown.files });
  expect(await left(victim)).toEqual([]);
  expect(await left(other)).toHaveLength(2);
  expect(gitStatus(library.path)).toBe("");
  expect(gitFsck(library.path)).toBe("");
  const again = await library.run("discover", pictures);
  expect(again).toMatchObject({
    counts: { new: 0, skipped: 1 },
    notes: [expect.stringMatching(/skipped: forgotten/)],
  });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 2, ok: 2 } });
});

it("killed while a bucket is cleared, replicate ends it", async () => {
  const { library, environment, victim, other, left } = await world();
  const { child, ended } = start(
    ["forget", victim, "--everywhere", "--confirm", victim, "--library", library.path],
    environment,
  );
  // The tombstone stands before the first byte goes.
  while (!/^forget:/.test(git(library.path, "log", "-1", "--format=%s")))
    await new Promise((wake) => setTimeout(wake, 2));
  child.kill("SIGKILL");
  await ended;
  const replicated = await library.run("replicate", "--execute");
  expect(replicated).toMatchObject({ exit: 0, counts: { failed: 0 } });
  expect(await left(victim)).toEqual([]);
  expect(await left(other)).toHaveLength(2);
  const tombstone = JSON.parse(await readFile(join(library.path, "tombstones", `${victim}.json`), "utf8"));
  expect(tombstone).toMatchObject({ photo_id: victim, pending: [] });
});

import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { photosync } from "./run-program.js";

const OLD = "correct horse battery staple";
const NEW = "an entirely different phrase";

it("fills an encrypted store, locks it anew, and does nothing with a wrong passphrase", async () => {
  const home = await tempFolder();
  const server = await startS3();
  onTestFinished(() => server.close());
  const environment = {
    HOME: join(home, "user"),
    PHOTOSYNC_KEYCHAIN: "off",
    PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    PHOTOSYNC_STORE_CLOUD_PASSPHRASE: OLD,
  };
  const library = await Library.init(join(home, "library"), environment);
  const where = ["--endpoint", server.url, "--region", TEST_REGION, "--bucket", "photos"];
  const options = [...where, "--encryption", "passphrase"];
  expect((await library.run("store add", "cloud", ...options)).notes).toEqual([]);
  await put(join(home, "pictures"), "1.jpg", await picture(1));
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  const objects = () => [...server.bucket("photos").objects];
  expect(await library.run("replicate", "--execute", "--to", "cloud")).toMatchObject({ exit: 0 });
  for (const [key, { bytes }] of objects()) {
    expect(key).toMatch(/^(?:[on]\/[\w-]{192}|(?:key|sums|names)\.age)$/);
    expect(bytes.subarray(0, 22).toString()).toBe("age-encryption.org/v1\n");
  }
  const before = new Map(objects());

  const changed = { ...environment, PHOTOSYNC_STORE_CLOUD_PASSPHRASE: NEW };
  const command = ["store", "rekey", "cloud", "--library", library.path, "--json"];
  const refused = await photosync(command, changed);
  expect(refused.exit).toBe(11);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "store.wrong-passphrase" } });
  expect(new Map(objects())).toEqual(before);

  const done = await photosync(command, { ...changed, PHOTOSYNC_OLD_PASSPHRASE: OLD });
  expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, counts: { changed: 1 }, name: "cloud" });
  expect(done.stdout + done.stderr).not.toMatch(new RegExp(`${OLD}|${NEW}`));
  expect(objects()).toHaveLength(before.size + 1);
  const proven = await photosync(["verify", "--deep", "--library", library.path, "--json"], changed);
  expect(JSON.parse(proven.stdout)).toMatchObject({ ok: true, counts: { ok: 1 } });
});

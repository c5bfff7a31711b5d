import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { photosync } from "./run-program.js";

const KEYS = {
  PHOTOSYNC_STORE_CLOUD_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
  PHOTOSYNC_STORE_CLOUD_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  PHOTOSYNC_KEYCHAIN: "off",
};

it("adds a store, fills it, shows, tries and forgets it, as programs see it", async () => {
  const home = await tempFolder();
  const server = await startS3();
  onTestFinished(() => server.close());
  const environment = { HOME: join(home, "user"), ...KEYS };
  const library = await Library.init(join(home, "library"), environment);
  const where = ["--endpoint", server.url, "--region", TEST_REGION, "--bucket", "photos", "--prefix", "lib"];
  server.state.denied.add("DeleteObject");
  const refused = await library.run("store add", "cloud", ...where);
  expect(refused).toMatchObject({ exit: 2, error: { code: "store.no-permission" } });
  server.state.denied.clear();
  const added = await library.run("store add", "cloud", ...where);
  expect(added).toMatchObject({ exit: 0, opened_by: "environment", test: { standing: "new" } });
  expect(JSON.stringify(added)).not.toContain(TEST_KEYS.secretAccessKey);

  await put(join(home, "pictures"), "1.jpg", await picture(1));
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  await library.run("replicate", "--execute", "--to", "cloud");
  expect((await library.run("store list", "--check")).stores).toMatchObject([
    {
      name: "cloud",
      kind: "s3",
      blobs: 1,
      reachable: true,
      url: expect.stringContaining("s3://photos/lib?"),
    },
    { name: "local", blobs: 0 },
  ]);
  expect(await library.run("store test", "cloud")).toMatchObject({ exit: 0, tests: [{ standing: "ready" }] });
  const { policy } = await library.run("store policy", "cloud");
  expect(policy.Statement[0]).toMatchObject({ Resource: "arn:aws:s3:::photos/lib/*" });
  const printed = await photosync(["store", "policy", "cloud", "--library", library.path], environment);
  expect(JSON.parse(printed.stdout)).toEqual(policy);

  expect(await library.run("store remove", "cloud")).toMatchObject({
    exit: 2,
    error: { code: "store.only-copy" },
  });
  expect(await library.run("store remove", "cloud", "--yes")).toMatchObject({
    exit: 0,
    counts: { only_there: 1 },
  });
  // What lies in a store that is not known any more is no copy: it is stored anew from where it was found.
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 1 } });
});

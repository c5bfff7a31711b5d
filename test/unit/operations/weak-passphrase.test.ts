import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { doctor } from "../../../src/operations/doctor.js";
import { replicate } from "../../../src/operations/replicate.js";
import { weakPassphrase } from "../../../src/operations/weak-passphrase.js";
import { startS3, TEST_KEYS, TEST_REGION } from "../../emulators/s3/start.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { put } from "../control/native-git.js";
import { makeLibrary } from "./library.js";

vi.setConfig({ testTimeout: 60_000 });

const PREFERENCES = "config/user-preferences.json";

const withPassphrase = (passphrase: string) => ({
  ...nobodysComputer,
  env: {
    ...nobodysComputer.env,
    AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    PHOTOSYNC_PASSPHRASE: passphrase,
  },
});
const SHORT = "not so long";

it.each([
  ["a short one", "age", SHORT, true],
  ["a long one", "age", "long enough for all guesses", false],
  ["recipients, for which none is needed,", { method: "recipients", recipients: ["age1x"] }, SHORT, false],
  ["no encryption", undefined, SHORT, false],
] as const)("%s: said to be too short where it is", async (_, encryption, passphrase, isTold) => {
  const settings = {
    type: "s3",
    bucket: "photos",
    ...(encryption === undefined ? {} : { encryption }),
  } as const;
  const told = await weakPassphrase("cloud", settings, withPassphrase(passphrase), quietRun());
  expect(told !== null).toBe(isTold);
});

it("doctor tells it, and replicate while nothing is sealed with it", async () => {
  const [library, server] = [await makeLibrary(), await startS3()];
  onTestFinished(async () => {
    library.end();
    await server.close();
  });
  const preferences = JSON.parse(readFileSync(join(library.root, PREFERENCES), "utf8"));
  const place = { bucket: "photos", region: TEST_REGION, endpoint: server.url };
  preferences.blob_storage.stores = { cloud: { type: "s3", ...place, encryption: "age" } };
  await library.commit([put(PREFERENCES, `${JSON.stringify(preferences, null, 2)}\n`)]);
  const surroundings = withPassphrase(SHORT);
  const notes = async () =>
    (await replicate(library.root, library.control, { mode: "show", to: [], surroundings }, quietRun()))
      .notes;
  expect(await notes()).toEqual([expect.stringMatching(/^Store cloud: /)]);
  const { checks } = await doctor(library.root, library.control, { live: false, surroundings }, quietRun());
  expect(checks).toContainEqual(expect.objectContaining({ name: "passphrase of cloud", level: "warning" }));
  expect(JSON.stringify([checks, await notes()])).not.toContain(SHORT);
  await library.change([], [photoDocument({ content: "a", stores: ["cloud"] })]);
  expect(await notes()).toEqual([]);
});

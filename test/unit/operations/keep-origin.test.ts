import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { S3StoreSettings } from "../../../src/domain/preferences.js";
import { keepOrigin } from "../../../src/operations/keep-origin.js";
import { withSession } from "../../../src/operations/session.js";
import { memoryStore } from "../../../src/stores/memory-store.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { makeLibrary, type TestLibrary } from "./library.js";

const PATH = "config/user-preferences.json";
const CLOUD: S3StoreSettings = {
  type: "s3",
  preset: "b2",
  region: "eu-central-003",
  bucket: "photos",
  prefix: "lib",
  storage_class: "STANDARD",
  concurrency: 2,
};

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

/** What the preferences say of the store after it was found at a place. */
async function kept(before: S3StoreSettings, found: S3StoreSettings) {
  const read = () => JSON.parse(readFileSync(join(library.root, PATH), "utf8"));
  const preferences = read();
  preferences.blob_storage.stores = { cloud: before };
  await library.commit([{ path: PATH, bytes: Buffer.from(JSON.stringify(preferences)) }]);
  const origin = {
    name: "cloud",
    settings: found,
    where: "b2:photos",
    store: memoryStore("cloud"),
    surroundings: nobodysComputer,
    typed: {},
  };
  const run = quietRun();
  const { commit } = await withSession(library.root, library.control, "recover", "write", run, (session) =>
    keepOrigin(session, origin, run),
  );
  return { commit, cloud: read().blob_storage.stores.cloud };
}

it("writes nothing where the store is named and switched on, however its address is written", async () => {
  const { preset: _, ...found } = CLOUD;
  const address = { ...found, endpoint: "https://s3.eu-central-003.backblazeb2.com" };
  expect(await kept(CLOUD, address)).toEqual({ commit: null, cloud: CLOUD });
});

it("switches on a store that was switched off, and keeps all else that is said of it", async () => {
  const off = { ...CLOUD, enabled: false };
  const address = { type: "s3", preset: "b2", region: "eu-central-003", bucket: "photos", prefix: "lib" };
  expect(await kept(off, { ...address, type: "s3" })).toEqual({
    commit: expect.any(String),
    cloud: { ...CLOUD, enabled: true },
  });
});

it("names the new place of one that was switched off, too", async () => {
  const off = { ...CLOUD, enabled: false };
  const moved: S3StoreSettings = { type: "s3", preset: "wasabi", region: "eu-west-1", bucket: "moved" };
  const { cloud } = await kept(off, moved);
  expect(cloud).toEqual({ ...moved, storage_class: "STANDARD", concurrency: 2, enabled: true });
});

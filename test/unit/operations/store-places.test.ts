import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover } from "../../../src/operations/discover.js";
import { doctor } from "../../../src/operations/doctor.js";
import type { DiscoverOptions } from "../../../src/operations/options.js";
import { replicate } from "../../../src/operations/replicate.js";
import { resolve } from "../../../src/operations/resolve.js";
import { status } from "../../../src/operations/status.js";
import { badPlaces } from "../../../src/operations/store-place.js";
import { picture, put } from "../../cli/files.js";
import { plainSurroundings } from "../../fakes/plain-surroundings.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { put as putEdit } from "../control/native-git.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const PREFERENCES = "config/user-preferences.json";
const keepBlobsIn = async (...paths: readonly string[]) => {
  const preferences = JSON.parse(readFileSync(join(library.root, PREFERENCES), "utf8"));
  const stores = Object.fromEntries(paths.map((path, at) => [`store-${at}`, { type: "local", path }]));
  preferences.blob_storage = { ...preferences.blob_storage, local_path: "./blobs", stores };
  await library.commit([putEdit(PREFERENCES, `${JSON.stringify(preferences, null, 2)}\n`)]);
};
const look = (options: Partial<DiscoverOptions>) =>
  discover(
    library.root,
    library.control,
    { paths: [], fullScan: false, include: [], exclude: [], hidden: false, dryRun: false, ...options },
    quietRun(),
  );
const copy = () =>
  replicate(
    library.root,
    library.control,
    { mode: "do", to: [], surroundings: plainSurroundings },
    quietRun(),
  );

describe("a store among photos", () => {
  it("hides its own files only, not the photos beside them", async () => {
    const pictures = join(library.root, "pictures");
    await keepBlobsIn("pictures");
    await put(pictures, "a.jpg", await picture(1));
    await put(pictures, "2024/01/b.jpg", await picture(2));
    await put(pictures, "undated/c.jpg", await picture(3));
    expect((await look({ paths: [pictures] })).counts).toMatchObject({ seen: 3, new: 3 });
    await resolve(library.root, library.control, { autoResolve: "simple", dryRun: false }, quietRun());
    expect((await copy()).counts).toMatchObject({ done: 6 });
    await put(pictures, ".set-aside/2024_01_x.jpg.1", await picture(4));
    symlinkSync(pictures, join(library.root, "way-in"));
    for (const path of [pictures, join(library.root, "way-in")]) {
      const again = await look({ paths: [path], fullScan: true, hidden: true });
      expect(again.counts).toMatchObject({ seen: 3, new: 0, failed: 0 });
    }
  });

  it("is no source by itself", async () => {
    await put(library.root, "blobs/.photosync-store", "{}");
    const paths = [join(library.root, "blobs")];
    await expect(look({ paths })).rejects.toMatchObject({ code: "discover.bad-path" });
    await put(library.root, "blobs/a.jpg", await picture(1));
    expect((await look({ paths })).counts).toMatchObject({ seen: 1 });
  });
});

describe("a store in a bad place", () => {
  it.each([
    ".git",
    ".git/objects",
    ".photosync/x",
    ".",
    "photos",
    "config/blobs",
    "reports/../schemas",
    "..",
  ])("is refused before anything is written: %s", async (path) => {
    await keepBlobsIn(path);
    await expect(copy()).rejects.toMatchObject({ code: "store.bad-place", kind: "user" });
    const found = await doctor(
      library.root,
      library.control,
      { live: false, surroundings: nobodysComputer },
      quietRun(),
    );
    expect(found.checks.find(({ name }) => name === "store store-0")?.level).toBe("problem");
    const stores = (await status(library.root, library.control, quietRun())).stores;
    expect(stores.map(({ name, note }) => [name, note === null])).toEqual([
      ["local", true],
      ["store-0", false],
    ]);
  });

  it("is refused where another store is, by whatever path", async () => {
    mkdirSync(join(library.root, "disk"));
    symlinkSync(join(library.root, "disk"), join(library.root, "same"));
    await keepBlobsIn("disk", "same/");
    await expect(copy()).rejects.toMatchObject({ code: "store.bad-place" });
  });

  it("is told from a good one that only sounds alike", () => {
    writeFileSync(join(library.root, "file"), "");
    const stores = ["photos-on-disk", "blobs", ".gitty", "file/under", "deep/photos"].map((name) => ({
      name,
      root: join(library.root, name),
    }));
    expect([...badPlaces(stores, library.root)]).toEqual([]);
  });
});

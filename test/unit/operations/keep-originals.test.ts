import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { discover } from "../../../src/operations/discover.js";
import { replicate } from "../../../src/operations/replicate.js";
import { resolve } from "../../../src/operations/resolve.js";
import type { Run } from "../../../src/ports/phase.js";
import { picture, put } from "../../cli/files.js";
import { plainSurroundings } from "../../fakes/plain-surroundings.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const pictures = () => join(library.root, "pictures");
const look = (run: Run = quietRun(), dryRun = false) =>
  discover(
    library.root,
    library.control,
    { paths: [pictures()], fullScan: false, include: [], exclude: [], hidden: false, dryRun },
    run,
  );
const settle = () =>
  resolve(library.root, library.control, { autoResolve: "simple", dryRun: false }, quietRun());
const store = () =>
  replicate(
    library.root,
    library.control,
    { mode: "do", to: [], surroundings: plainSurroundings },
    quietRun(),
  );

it("reads each source file once over all phases: originals are stored though their source is gone by then", async () => {
  await put(pictures(), "a.jpg", await picture(1));
  await put(pictures(), "sub/b.jpg", await picture(2));
  expect(await look()).toMatchObject({ counts: { new: 2 } });
  renameSync(pictures(), join(library.root, "unplugged"));
  await settle();
  expect(await store()).toMatchObject({ outcome: "done", failures: [] });
  for (const document of (await library.documents()).values()) {
    expect(Object.keys(document.replicas)).not.toEqual([]);
  }
}, 60_000);

it("keeps nothing in a dry run", async () => {
  await put(pictures(), "a.jpg", await picture(1));
  await look(quietRun(), true);
  expect(existsSync(join(library.root, ".photosync/staging"))).toBe(false);
}, 60_000);

it("looks no closer at a source that lists as before, also after everything has been stored", async () => {
  await put(pictures(), "a.jpg", await picture(1));
  await look();
  await settle();
  await store();
  const stages: string[] = [];
  const run = quietRun();
  const stage = (label: string) => void stages.push(label);
  const again = await look({ ...run, progress: { ...run.progress, stage } });
  expect(again).toMatchObject({ commit: null, counts: { seen: 1, new: 0, updated: 0, unchanged: 1 } });
  expect(stages).not.toContain("Reading folder");
}, 60_000);

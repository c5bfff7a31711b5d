import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openControlPlane } from "../../../src/control/git-control-plane.js";
import { systemTime } from "../../../src/infra/http/time.js";
import { replicate } from "../../../src/operations/replicate.js";
import { tryStore } from "../../../src/operations/stores/try-store.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { gitEnvironment, put, runGit } from "../control/native-git.js";
import { type ForgetWorld, forgetWorld } from "./forget-world.js";
import type { TestLibrary } from "./library.js";

const PREFERENCES = "config/user-preferences.json";
const surroundings = { ...nobodysComputer, env: {}, time: systemTime, random: Math.random };
const photoOf = (content: string, stores: readonly string[]) =>
  photoDocument({ content, filename: `${content}.jpg`, state: "replicated", stores });

async function world(): Promise<ForgetWorld> {
  const made = await forgetWorld();
  onTestFinished(() => {
    made.end();
    rmSync(made.usb, { recursive: true, force: true });
  });
  return made;
}

const marker = (folder: string): unknown =>
  JSON.parse(readFileSync(join(folder, ".photosync-store"), "utf8"));
const firstOf = (root: string) => runGit(root, ["rev-list", "--max-parents=0", "HEAD"]).trim();
const doReplicate = ({ root, control }: Pick<TestLibrary, "root" | "control">) =>
  replicate(root, control, { mode: "do", to: [], surroundings }, quietRun());

/** Says that the store of that name is in this folder. */
async function moveUsb(library: TestLibrary, folder: string): Promise<void> {
  const preferences = JSON.parse(readFileSync(join(library.root, PREFERENCES), "utf8"));
  preferences.blob_storage.stores.usb.path = folder;
  await library.commit([put(PREFERENCES, `${JSON.stringify(preferences, null, 2)}\n`)]);
}

it("a store of another library with the same name and the same photo is neither written to nor cleared", async () => {
  const [mine, theirs] = [await world(), await world()];
  const photo = photoOf("a", ["local", "usb"]);
  await theirs.keep([{ document: photo, contents: ["a"] }]);
  expect(await doReplicate(theirs)).toMatchObject({ outcome: "done" });
  expect(marker(theirs.usb)).toEqual({ format: 1, store: "usb", library: firstOf(theirs.root) });
  await mine.keep([{ document: photo, contents: ["a"] }]);
  await moveUsb(mine, theirs.usb);
  const before = theirs.files();

  await mine.change([], [photoOf("b", ["local"])]);
  expect(await doReplicate(mine)).toMatchObject({
    outcome: "partial",
    failures: expect.arrayContaining([
      expect.objectContaining({ subject: "store usb", code: "store.other-library" }),
    ]),
  });
  expect(await mine.forget(photo.photo_id)).toMatchObject({
    pending: [expect.objectContaining({ store: "usb" })],
  });
  const settings = { type: "local", path: theirs.usb } as const;
  const tried = { name: "usb", settings, root: theirs.usb, buckets: [] };
  await expect(tryStore(tried, mine.root, surroundings, quietRun())).rejects.toMatchObject({
    code: "store.other-library",
  });
  expect(theirs.files()).toEqual(before);
});

it("clones of a library share its stores, and each signs those that are new", async () => {
  const mine = await world();
  await mine.keep([{ document: photoOf("a", ["local", "usb"]), contents: ["a"] }]);
  const spare = `${mine.root}-spare`;
  await doReplicate(mine);
  const clone = `${mine.root}-clone`;
  mkdirSync(clone);
  runGit(clone, ["clone", "-q", mine.root, "."]);
  const control = await openControlPlane(clone, { environment: gitEnvironment });
  onTestFinished(() => {
    control.close();
    for (const gone of [clone, spare]) rmSync(gone, { recursive: true, force: true });
  });
  const text = readFileSync(join(clone, PREFERENCES), "utf8").replaceAll(
    '"stores": {',
    `"stores": { "spare": { "type": "local", "path": ${JSON.stringify(spare)} },`,
  );
  writeFileSync(join(clone, PREFERENCES), text);
  const to = ["usb", "spare"];
  expect(await replicate(clone, control, { mode: "do", to, surroundings }, quietRun())).toMatchObject({
    failures: [],
    counts: { done: 1 },
  });
  expect(marker(spare)).toEqual({ format: 1, store: "spare", library: firstOf(mine.root) });
  expect(marker(mine.usb)).toMatchObject({ library: firstOf(mine.root) });
});

it("a store from before in which the library has recorded nothing yet is not signed", async () => {
  const [mine, theirs] = [await world(), await world()];
  await theirs.keep([{ document: photoOf("a", ["local", "usb"]), contents: ["a"] }]);
  await moveUsb(mine, theirs.usb);
  await mine.keep([{ document: photoOf("b", ["local"]), contents: ["b"] }]);
  expect(await doReplicate(mine)).toMatchObject({ counts: { done: 1 } });
  expect(marker(theirs.usb)).toEqual({ format: 1, store: "usb" });
});

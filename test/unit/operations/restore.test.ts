import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acquireLock } from "../../../src/control/process-lock.js";
import type { RestoreOptions } from "../../../src/operations/options.js";
import { restore } from "../../../src/operations/restore.js";
import { localStore } from "../../../src/stores/local-store.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, type TestLibrary } from "./library.js";

const here = photoDocument({ content: "here", filename: "here.jpg", stores: ["local"] });
const later = photoDocument({
  content: "later",
  filename: "later.jpg",
  taken: "2024-06-01T10:00:00",
  stores: ["local"],
});
const unplugged = photoDocument({ content: "unplugged", filename: "unplugged.jpg", stores: ["usb"] });

let library: TestLibrary;
let home: string;

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "photosync-restore-")));
  library = await makeLibrary();
  const { readFile } = await import("node:fs/promises");
  const path = "config/user-preferences.json";
  const preferences = JSON.parse(await readFile(join(library.root, path), "utf8"));
  preferences.blob_storage.stores = { usb: { type: "local", path: join(home, "usb", "store") } };
  const bytes = Buffer.from(`${JSON.stringify(preferences, null, 2)}\n`);
  await library.change([], [here, later, unplugged]);
  await library.commit([{ path, bytes }]);
  const store = localStore({ name: "local", root: join(library.root, "blobs") });
  for (const [{ blob_key: key, content_hash: hash }, text] of [
    [here, "here"],
    [later, "later"],
  ] as const) {
    async function* open() {
      yield Buffer.from(text);
    }
    await store.put({ key, hash, sizeBytes: text.length, open }, quietRun());
  }
});
afterAll(() => {
  library.end();
  rmSync(home, { recursive: true, force: true });
});

const run = (options: Partial<RestoreOptions>) =>
  restore(
    library.root,
    library.control,
    {
      photos: [],
      filter: { undated: false, conflicts: false },
      to: join(home, "out"),
      by: "date",
      variants: true,
      sidecars: false,
      overwrite: false,
      dryRun: true,
      ...options,
    },
    quietRun(),
  );
const targets = async (options: Partial<RestoreOptions>) =>
  (await run(options)).plan.map(({ target }) => target);

it.each([
  ["in the library", () => join(library.root, "restored")],
  ["at the library", () => library.root],
  ["around the library", () => join(library.root, "..")],
  ["in a store", () => join(home, "usb", "store", "out")],
  ["around a store that is not there", () => join(home, "usb")],
])("refuses a place %s", async (_, to) => {
  await expect(run({ to: to() })).rejects.toMatchObject({ kind: "user", code: "restore.bad-place" });
});

it("restores what is named, or what passes the same filters as those of list", async () => {
  expect(await targets({ photos: [here.photo_id.slice(0, 9)] })).toEqual(["2024/2024-01-15/here.jpg"]);
  expect(await targets({ photos: ["later.jpg", later.photo_id] })).toEqual(["2024/2024-06-01/later.jpg"]);
  const spring = { undated: false, conflicts: false, from: "2024-02-01", to: "2024-12-31" };
  expect(await targets({ filter: spring })).toEqual(["2024/2024-06-01/later.jpg"]);
  await expect(run({ photos: ["ffffffff"] })).rejects.toMatchObject({ code: "photo.unknown" });
  await expect(run({ from: "cloud" })).rejects.toMatchObject({ code: "store.unknown" });
});

it("tells of what is only where nobody answers, and restores the rest beside a run that holds the lock", async () => {
  const lock = await acquireLock(library.root, "replicate");
  try {
    const done = await run({ dryRun: false });
    expect(done).toMatchObject({
      outcome: "partial",
      commit: null,
      counts: { photos: 3, planned: 2, done: 2, held: 1, failed: 0, bytes: 9 },
      failures: [{ subject: unplugged.photo_id, code: "restore.store-out-of-reach" }],
    });
  } finally {
    await lock.release();
  }
  expect(readdirSync(join(home, "out", "2024")).sort()).toEqual(["2024-01-15", "2024-06-01"]);
  expect(await run({ dryRun: false, from: "usb" })).toMatchObject({
    counts: { done: 0, skipped: 2, held: 1 },
  });
});

it("says that a disk has no room before anything is written", async () => {
  const huge = photoDocument({
    content: "huge",
    filename: "huge.jpg",
    stores: ["local"],
    with: { media: { mime_type: "image/jpeg", bytes: Number.MAX_SAFE_INTEGER } },
  });
  await library.change([], [huge]);
  const to = join(home, "full");
  mkdirSync(to);
  await expect(run({ to, dryRun: false })).rejects.toMatchObject({ kind: "user", code: "restore.no-space" });
  expect(readdirSync(to)).toEqual([]);
  const shown = await run({ to });
  expect(shown).toMatchObject({
    outcome: "partial",
    failures: expect.arrayContaining([expect.objectContaining({ code: "restore.no-space" })]),
  });
});

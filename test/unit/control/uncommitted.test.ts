import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { call, commitOk, makeWorld, put, type World } from "./native-git.js";

// Every test starts the git program several times.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(async () => world.end());

const DOCUMENTS = ["2020/01/a.json", "2020/01/b.json", "2020/02/c.json", "undated/ä 1.json", "d.json"];

/** An old index and older files, so that nothing is too young to be trusted. */
async function settled(): Promise<void> {
  await commitOk(
    world.plane,
    DOCUMENTS.map((path) => put(`photos/${path}`, "one\n")),
  );
  for (const path of DOCUMENTS) utimesSync(at(path), 1_600_000_000, 1_600_000_000);
  world.git("update-index", "--refresh");
}

const at = (path: string): string => join(world.dir, "photos", path);

const uncommitted = async (): Promise<Readonly<Record<string, string>>> => {
  const found = await world.plane.uncommitted(["photos"], call);
  return Object.fromEntries(found.map(({ path, state }) => [path.slice("photos/".length), state]));
};

it("finds nothing in folders that nobody touched, nor where only times or rights changed", async () => {
  await settled();
  expect(await uncommitted()).toEqual({});
  utimesSync(at("2020/01/a.json"), 1_700_000_000, 1_700_000_000);
  chmodSync(at("2020/01/b.json"), 0o600);
  expect(await uncommitted()).toEqual({});
  expect(world.git("status", "--porcelain")).toBe("");
});

it.each<[string, () => void, Readonly<Record<string, string>>]>([
  [
    "an edit in place of the same length and time",
    () => {
      const { atime, mtime } = statSync(at("2020/01/b.json"));
      writeFileSync(at("2020/01/b.json"), "two\n");
      utimesSync(at("2020/01/b.json"), atime, mtime);
    },
    { "2020/01/b.json": "edited" },
  ],
  ["a removed file", () => rmSync(at("2020/02/c.json")), { "2020/02/c.json": "deleted" }],
  ["a new file", () => writeFileSync(at("2020/02/e.json"), ""), { "2020/02/e.json": "untracked" }],
  [
    "a renamed file",
    () => renameSync(at("undated/ä 1.json"), at("undated/ä 2.json")),
    { "undated/ä 1.json": "deleted", "undated/ä 2.json": "untracked" },
  ],
  [
    "a new folder",
    () => {
      mkdirSync(at("2020/01/new"));
      writeFileSync(at("2020/01/new/x.json"), "");
    },
    { "2020/01/new/x.json": "untracked" },
  ],
  [
    "a link in a file's place",
    () => {
      rmSync(at("2020/01/a.json"));
      symlinkSync("b.json", at("2020/01/a.json"));
    },
    { "2020/01/a.json": "edited" },
  ],
  [
    "a linked folder",
    () => {
      renameSync(at("2020/02"), join(world.dir, "elsewhere"));
      symlinkSync(join(world.dir, "elsewhere"), at("2020/02"));
    },
    { "2020/02": "untracked", "2020/02/c.json": "edited" },
  ],
  [
    "other content that is staged and taken back on disk",
    () => {
      writeFileSync(at("2020/01/a.json"), "two\n");
      world.git("add", "photos/2020/01/a.json");
      writeFileSync(at("2020/01/a.json"), "one\n");
    },
    { "2020/01/a.json": "edited" },
  ],
  [
    "a file taken out of the index",
    () => world.git("rm", "-q", "--cached", "photos/2020/01/b.json"),
    { "2020/01/b.json": "edited" },
  ],
  [
    "an index that knows a file as never changing",
    () => {
      world.git("update-index", "--assume-unchanged", "photos/2020/01/a.json");
      writeFileSync(at("2020/01/a.json"), "two\n");
    },
    { "2020/01/a.json": "edited" },
  ],
])("finds %s, and nothing else", async (_, change, expected) => {
  await settled();
  change();
  expect(await uncommitted()).toEqual(expected);
});

it("finds an edit of the same length within the tick of the clock of the commit", async () => {
  for (let round = 0; round < 8; round++) {
    await commitOk(world.plane, [put("photos/2021/01/a.json", `round ${round + 10}\n`)]);
    writeFileSync(at("2021/01/a.json"), `mine! ${round + 10}\n`);
    expect(await uncommitted()).toEqual({ "2021/01/a.json": "edited" });
    world.git("checkout", "--", ".");
  }
});

it("takes a list of ignored files that cannot be looked at for absent, and prints nothing of it", async () => {
  await settled();
  writeFileSync(at("2020/01/mine.note"), "mine");
  rmSync(join(world.dir, ".git", "info", "exclude"), { force: true });
  mkdirSync(join(world.dir, ".git", "info"), { recursive: true });
  symlinkSync("exclude", join(world.dir, ".git", "info", "exclude"));
  const printed = vi.spyOn(console, "log");
  expect(await uncommitted()).toEqual({ "2020/01/mine.note": "untracked" });
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

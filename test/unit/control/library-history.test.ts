import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { libraryHistory } from "../../../src/control/library-history.js";
import { call, commitOk, makeWorld, put, runGit } from "./native-git.js";

async function world() {
  const made = await makeWorld();
  onTestFinished(() => made.end());
  return made;
}

async function library() {
  const made = await world();
  // As `init` does, whose first commit has the id of its run.
  for (const text of [randomUUID(), "two", "three"])
    await commitOk(made.plane, [put("a.txt", text)], `${text}\n`);
  const first = made.git("rev-list", "--max-parents=0", "HEAD").trim();
  return { ...made, first };
}

function cloneOf(dir: string, ...options: readonly string[]): string {
  const clone = mkdtempSync(join(tmpdir(), "photosync-clone-"));
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
  runGit(clone, ["clone", "-q", ...options, `file://${dir}`, "."]);
  return clone;
}

it("every clone has a library's first commit, also packed, and no other library has it", async () => {
  const { dir, first, git } = await library();
  const other = await library();
  expect(first).not.toBe(other.first);
  for (const each of [dir, cloneOf(dir)]) {
    const history = libraryHistory(each);
    expect(await history.first(call)).toBe(first);
    expect(await history.knows(first)).toBe(true);
    expect(await history.knows(other.first)).toBe(false);
    expect(await history.knows("no commit's id")).toBe(false);
  }
  git("gc", "-q");
  expect(await libraryHistory(dir).knows(first)).toBe(true);
  // A tree is in it, too, and is no commit.
  expect(await libraryHistory(dir).knows(git("rev-parse", "HEAD^{tree}").trim())).toBe(false);
});

it("nothing can be told where there is no commit, no repository, or a part of the history alone", async () => {
  const { dir } = await library();
  const shallow = cloneOf(dir, "--depth", "1");
  for (const each of [shallow, (await world()).dir, tmpdir()]) {
    expect(await libraryHistory(each).first(call)).toBeNull();
    expect(await libraryHistory(each).knows("0123456789abcdef0123456789abcdef01234567")).toBe(true);
  }
});

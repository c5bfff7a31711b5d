import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ownIdentity } from "../../../src/control/process-identity.js";
import { initLibrary } from "../../../src/operations/init.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { makeLibrary, type TestLibrary } from "./library.js";

let library: TestLibrary;
const at = (path: string) => join(library.root, path);
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

/** The lock of `init` in a process that runs no more, or in this one. */
function plantLock(pid: number): void {
  const identity = { ...ownIdentity(), pid };
  writeFileSync(
    at(".photosync/lock"),
    JSON.stringify({ ...identity, command: "init", since: "2024-01-01T00:00:00Z", token: "t" }),
  );
}

const again = () => initLibrary(library.root, quietRun());

it("run again after it was killed at its very end, clears away the locks and leaves the library as it is", async () => {
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  plantLock(dead);
  writeFileSync(
    at(".git/index.lock"),
    `photosync holds this lock ${JSON.stringify({ ...ownIdentity(), pid: dead })}\n`,
  );
  const head = await library.control.head();
  await expect(again()).rejects.toMatchObject({ code: "init.already-a-library" });
  expect(existsSync(at(".photosync/lock"))).toBe(false);
  expect(existsSync(at(".git/index.lock"))).toBe(false);
  expect(await library.control.head()).toBe(head);
});

it("leaves the lock of a running process to it", async () => {
  plantLock(process.pid);
  await expect(again()).rejects.toMatchObject({ code: "init.already-a-library" });
  expect(existsSync(at(".photosync/lock"))).toBe(true);
});

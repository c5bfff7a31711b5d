import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { setup } from "../../cli/build-once.js";
import { call, commitOk, gitEnvironment, makeWorld, put, type World } from "./native-git.js";

const child = new URL("./crash-child.mjs", import.meta.url).pathname;
const argsFor = (dir: string, ...rest: readonly string[]) => [child, dir, ...rest];
const ownEnvironment = { env: gitEnvironment };

// Every test starts other processes.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(setup, 120_000);

let world: World;
let base: string;
beforeEach(async () => {
  world = await makeWorld();
  base = await commitOk(world.plane, [
    put("photos/changed.json", "round 0\n"),
    put("photos/2/new-0.json", "old\n"),
    put("photos/gone/gone.json", "old\n"),
    put("photos/kept.json", "kept\n"),
  ]);
});
afterEach(() => world.end());

function expectWhole(): void {
  expect(world.git("status", "--porcelain")).toBe("");
  expect(world.git("fsck", "--strict", "--full", "--no-dangling")).toBe("");
  expect(existsSync(join(world.dir, ".git", "index.lock"))).toBe(false);
  expect(existsSync(join(world.dir, ".git", "refs", "heads", "main.lock"))).toBe(false);
  const names = readdirSync(world.dir, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => /photosync-tmp$|tmp_/.test(name))).toEqual([]);
}

/** Whether HEAD has moved when the process is killed there. */
const points: readonly (readonly [string, string, boolean])[] = [
  ["index-locked", "1", false],
  ["objects-written", "1", false],
  ["journal-begun", "1", false],
  ["ref-locked", "1", false],
  ["ref-moved", "1", true],
  ["reflog-written", "1", true],
  ["file-written", "1", true],
  ["file-written", "5", true],
  ["files-written", "1", true],
  ["index-written", "1", true],
  ["journal-finished", "1", true],
];

it.each(points)(
  "is whole again after a kill -9 at %s (%s)",
  async (point, nth, moved) => {
    const killed = spawnSync(process.execPath, argsFor(world.dir, point, nth), ownEnvironment);
    expect(killed.signal).toBe("SIGKILL");
    const plane = await world.reopen();
    const { rolledForward } = await plane.recover(call);
    expect(rolledForward).toBe(moved && point !== "journal-finished");
    expect((await plane.head()) !== base).toBe(moved);
    expectWhole();
    expect(readFileSync(join(world.dir, "photos", "changed.json"), "utf8")).toBe(
      moved ? "round 1\n" : "round 0\n",
    );
    expect(await plane.recover(call)).toEqual({ rolledForward: false });
    await commitOk(plane, [put("photos/after.json", "1\n")]);
    expectWhole();
  },
  60_000,
);

it.each(points)("is whole again after an error at %s (%s)", async (point, nth, moved) => {
  let seen = 0;
  const faultPoint = (name: string) => {
    if (name === point && ++seen === Number(nth)) throw new Error("planted");
  };
  const plane = await world.reopen({ faultPoint });
  const edits = Array.from({ length: 8 }, (_, at) => put(`photos/0/new-${at}.json`, `${at}\n`));
  await expect(plane.commit(base, edits, "x", call)).rejects.toThrow("planted");
  expect((await plane.head()) !== base).toBe(moved);
  await commitOk(plane, [put("photos/after.json", "1\n")]);
  expectWhole();
});

it("keeps an edit that the owner made between the crash and the recovery", async () => {
  spawnSync(process.execPath, argsFor(world.dir, "ref-moved", "1"), ownEnvironment);
  writeFileSync(join(world.dir, "photos", "changed.json"), "mine\n");
  const plane = await world.reopen();
  expect(await plane.recover(call)).toEqual({ rolledForward: true });
  expect(world.git("status", "--porcelain")).toBe(" M photos/changed.json\n");
  expect(readFileSync(join(world.dir, "photos", "changed.json"), "utf8")).toBe("mine\n");
});

it.each([0, 3])(
  "writes a new file again that a kill cut short at byte %i, and keeps one of the owner's",
  async (cut) => {
    spawnSync(process.execPath, argsFor(world.dir, "ref-moved", "1"), ownEnvironment);
    const at = (name: string) => join(world.dir, "photos", "1", name);
    mkdirSync(join(world.dir, "photos", "1"), { recursive: true });
    writeFileSync(at("new-4.json"), "1 4\n".slice(0, cut));
    writeFileSync(at("new-5.json"), "mine\n");
    const plane = await world.reopen();
    expect(await plane.recover(call)).toEqual({ rolledForward: true });
    expect(readFileSync(at("new-4.json"), "utf8")).toBe("1 4\n");
    expect(readFileSync(at("new-5.json"), "utf8")).toBe("mine\n");
    expect(world.git("status", "--porcelain")).toBe(" M photos/1/new-5.json\n");
  },
);

it("loses nothing when a process that commits in a loop is killed at any time", async () => {
  for (let round = 0; round < 4; round++) {
    const looping = spawn(process.execPath, argsFor(world.dir, "loop", String(2 + 100 * round)), {
      ...ownEnvironment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (looping.stdout === null) throw new Error("no output to wait for");
    await once(looping.stdout, "data");
    setTimeout(() => looping.kill("SIGKILL"), 20 + 37 * round);
    await once(looping, "exit");
    const plane = await world.reopen();
    await plane.recover(call);
    expectWhole();
  }
  expect(Number(world.git("rev-list", "--count", "HEAD"))).toBeGreaterThan(4);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { packObjects } from "../../../src/control/packed-objects.js";
import { setup } from "../../cli/build-once.js";
import { call, commitOk, gitEnvironment, makeWorld, put, type World } from "./native-git.js";

// Every test starts the git program many times and writes thousands of files.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

type ControlModule = typeof import("../../../src/control/git-control-plane.js");
type SideModule = typeof import("../../../src/control/side-thread.js");

// The built program: the thread's entry is a file of its own, and from the sources no thread can start.
const built = (name: string): string => new URL(`../../../dist/control/${name}`, import.meta.url).href;

beforeAll(setup, 120_000);

const worlds: World[] = [];
const newWorld = async (): Promise<World> => {
  const world = await makeWorld();
  worlds.push(world);
  return world;
};
let openControlPlane: ControlModule["openControlPlane"];
beforeEach(async () => {
  const control: ControlModule = await import(built("git-control-plane.js"));
  openControlPlane = control.openControlPlane;
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

const documents = Array.from({ length: 3000 }, (_, at) =>
  put(
    `photos/20${10 + (at % 7)}/0${1 + (at % 3)}/photo-${at}.json`,
    `${`{"id": ${at}}\n`.repeat(1 + (at % 90))}`,
  ),
);

const packOf = (world: World): Buffer => {
  const folder = join(world.dir, ".git", "objects", "pack");
  const names = readdirSync(folder);
  expect(names.filter((name) => !/\.(pack|idx)$/.test(name))).toEqual([]);
  return readFileSync(join(folder, names.find((name) => name.endsWith(".pack")) ?? ""));
};

const expectSound = (world: World) => {
  expect(world.git("status", "--porcelain")).toBe("");
  expect(world.git("fsck", "--strict", "--full")).toBe("");
};

it("writes the same pack, folders and index with a second thread as without one", async () => {
  const alone = await newWorld();
  await commitOk(alone.plane, documents);
  const shared = await newWorld();
  const plane = await openControlPlane(shared.dir, { environment: gitEnvironment });
  await commitOk(plane, documents);
  plane.close();
  expectSound(shared);
  expect(packOf(shared).equals(packOf(alone))).toBe(true);
});

it("is whole again after an error while two threads write the folders", async () => {
  const { dir, git, ...world } = await newWorld();
  let written = 0;
  const plane = await openControlPlane(dir, {
    environment: gitEnvironment,
    faultPoint: (name) => {
      if (name === "file-written" && ++written === 1000) throw new Error("planted");
    },
  });
  await expect(plane.commit(await plane.head(), documents, "x", call)).rejects.toThrow("planted");
  expect(await plane.recover(call)).toEqual({ rolledForward: true });
  plane.close();
  expectSound({ dir, git, ...world });
});

it("takes work once there is much of it, and packs as this thread does", async () => {
  const { SideThread }: SideModule = await import(built("side-thread.js"));
  const side = new SideThread();
  const batch = {
    bytes: Buffer.from("one two two"),
    ends: Float64Array.of(4, 8, 11),
    codes: Uint8Array.of(3, 3, 2),
  };
  expect(side.pack(batch)).toBe(null);
  expect(side.isFree).toBe(false);
  const taken = Array.from({ length: 20 }, () => side.pack(batch)).filter((answer) => answer !== null);
  expect(taken.length).toBeGreaterThan(0);
  for (const packed of await Promise.all(taken)) {
    expect(Buffer.from(packed.bytes).equals(Buffer.from(packObjects(batch).bytes))).toBe(true);
    expect(packed.ends).toEqual(packObjects(batch).ends);
    expect(packed.crcs).toEqual(packObjects(batch).crcs);
  }
  expect(side.isFree).toBe(true);
  await side.close();
  expect(side.pack(batch)).toBe(null);
});

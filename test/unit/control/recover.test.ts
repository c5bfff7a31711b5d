import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ownIdentity } from "../../../src/control/process-identity.js";
import { call, commitOk, drop, makeWorld, put, type World } from "./native-git.js";

let world: World;
const at = (path: string) => join(world.dir, path);
const textAt = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), "utf8") : null);
const journalPath = () => at(".photosync/journal/commit.json");
const status = () => world.git("status", "--porcelain");

beforeEach(async () => {
  world = await makeWorld();
  await commitOk(world.plane, [
    put("p/a.json", "first a\n"),
    put("p/b.json", "first b\n"),
    put("p/c.json", "first c\n"),
  ]);
});
afterEach(() => world.end());

/** As if the machine had been switched off after the commit. */
function switchOff(): void {
  const journal: unknown = JSON.parse(readFileSync(journalPath(), "utf8"));
  writeFileSync(journalPath(), JSON.stringify({ ...Object(journal), boot: "an earlier boot" }));
}

it("restores working copies that a power cut emptied, zeroed, cut short, kept old or never showed", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const wanted = names.map((name) => put(`p/${name}.json`, `second ${name}\n`));
  // Two commits in quick succession: neither may be on disk.
  await commitOk(world.plane, wanted.slice(0, 3));
  await commitOk(world.plane, wanted.slice(3));
  writeFileSync(at("p/a.json"), "first a\n");
  rmSync(at("p/e.json"));
  rmSync(at("p/f.json"));
  const temp = at("p/.f.json.0123456789ab.photosync-tmp");
  writeFileSync(temp, "second");
  writeFileSync(at("p/g.json"), "\0\0\0ond g\n");
  writeFileSync(at("p/b.json"), Buffer.alloc("second b\n".length));
  writeFileSync(at("p/c.json"), "sec\0\0\0");
  writeFileSync(at("p/d.json"), "");
  switchOff();
  await backdate();
  const plane = await world.reopen();
  expect(await plane.recover(call)).toEqual({ rolledForward: true });
  expect(names.map((name) => textAt(`p/${name}.json`))).toEqual(names.map((name) => `second ${name}\n`));
  expect(existsSync(temp)).toBe(false);
  expect(status()).toBe("");
  expect(await plane.recover(call)).toEqual({ rolledForward: false });
});

it("restores a working copy whose last version lost its name, and the one before it its bytes", async () => {
  await commitOk(world.plane, [put("p/a.json", "a second, longer a\n"), put("p/e.json", "an e\n")]);
  await commitOk(world.plane, [put("p/a.json", "third a\n"), drop("p/e.json")]);
  writeFileSync(at("p/a.json"), "a second, lo\0\0\0\0 a\n");
  writeFileSync(at("p/e.json"), "an");
  switchOff();
  await backdate();
  const plane = await world.reopen();
  expect(await plane.recover(call)).toEqual({ rolledForward: true });
  expect([textAt("p/a.json"), textAt("p/e.json")]).toEqual(["third a\n", null]);
  expect(status()).toBe("");
});

/**
 * The change times of files cannot be set, so the journal's idea of when its writing ended is moved past them; what is
 * changed from now on is later still.
 */
async function backdate(): Promise<void> {
  await sleep(20);
  const journal: unknown = JSON.parse(readFileSync(journalPath(), "utf8"));
  const { unsynced } = Object(journal);
  writeFileSync(
    journalPath(),
    JSON.stringify({ ...Object(journal), unsynced: { ...unsynced, writtenByMs: Date.now() } }),
  );
  await sleep(20);
}

it("keeps what the owner did between the commit and the power cut", async () => {
  await commitOk(world.plane, [
    put("p/a.json", "second a\n"),
    put("p/b.json", "second b\n"),
    drop("p/c.json"),
  ]);
  await sleep(20);
  writeFileSync(at("p/a.json"), "first a\n");
  rmSync(at("p/b.json"));
  writeFileSync(at("p/c.json"), "first c\n");
  switchOff();
  const plane = await world.reopen();
  expect(await plane.recover(call)).toEqual({ rolledForward: false });
  expect([textAt("p/a.json"), textAt("p/b.json"), textAt("p/c.json")]).toEqual([
    "first a\n",
    null,
    "first c\n",
  ]);
});

it("restores a name that was lost in a folder to which the next commit was writing when power failed", async () => {
  await commitOk(world.plane, [put("p/x.json", "an x\n"), put("q/y.json", "a y\n")]);
  const { unsynced } = Object(JSON.parse(readFileSync(journalPath(), "utf8")));
  await sleep(20);
  const base = await world.plane.head();
  await commitOk(world.plane, [put("p/a.json", "second a\n")]);
  const journal: unknown = JSON.parse(readFileSync(journalPath(), "utf8"));
  rmSync(at("p/x.json"));
  rmSync(at("q/y.json"));
  writeFileSync(journalPath(), JSON.stringify({ ...Object(journal), state: "started", base, unsynced }));
  switchOff();
  const plane = await world.reopen();
  expect(await plane.recover(call)).toEqual({ rolledForward: true });
  expect([textAt("p/x.json"), textAt("p/a.json")]).toEqual(["an x\n", "second a\n"]);
  // Nobody of ours was at work in this one since: whoever removed it meant it.
  expect(textAt("q/y.json")).toBeNull();
});

it.each(["", "{", "[]", '{"state":"started"}'])("drops a torn journal (%j)", async (text) => {
  writeFileSync(journalPath(), text);
  expect(await (await world.reopen()).recover(call)).toEqual({ rolledForward: false });
  expect(existsSync(journalPath())).toBe(false);
  expect(status()).toBe("");
});

it.each(["missing", "empty", "cut", "flipped"])(
  "builds a Git index that is %s anew, and keeps the working tree",
  async (how) => {
    writeFileSync(at("p/a.json"), "edited\n");
    const index = at(".git/index");
    const bytes = readFileSync(index);
    if (how === "missing") rmSync(index);
    else if (how === "empty") writeFileSync(index, "");
    else if (how === "cut") writeFileSync(index, bytes.subarray(0, bytes.length - 30));
    else
      writeFileSync(
        index,
        bytes.map((byte, position) => (position === 80 ? byte ^ 1 : byte)),
      );
    const plane = await world.reopen();
    await plane.recover(call);
    expect(status()).toBe(" M p/a.json\n");
    expect(textAt("p/a.json")).toBe("edited\n");
    await commitOk(plane, [put("p/b.json", "next\n")]);
    expect(status()).toBe(" M p/a.json\n");
  },
);

it("says so when the journaled commit has lost an object", async () => {
  const base = await world.plane.head();
  const commit = await commitOk(world.plane, [put("p/a.json", "second\n")]);
  const oid = world.git("rev-parse", "HEAD:p/a.json").trim();
  const journal = {
    state: "started",
    base,
    commit,
    ref: "refs/heads/main",
    boot: "x",
    uptimeSeconds: 0,
    unsynced: null,
  };
  writeFileSync(journalPath(), JSON.stringify(journal));
  rmSync(at(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`));
  const plane = await world.reopen();
  await expect(plane.recover(call)).rejects.toMatchObject({ kind: "integrity", code: "library.damaged" });
});

it("clears its own leftovers and nobody else's", async () => {
  const base = await world.plane.head();
  const journal = {
    state: "started",
    base,
    commit: "a".repeat(40),
    ref: "refs/heads/main",
    boot: "x",
    uptimeSeconds: 0,
  };
  writeFileSync(journalPath(), JSON.stringify(journal));
  const ours = [
    ".git/objects/pack/tmp_pack_photosync_1",
    ".git/objects/pack/.pack-1.idx.0123456789ab.photosync-tmp",
    ".git/.index.0123456789ab.photosync-tmp",
    ".photosync/.lock.0123456789ab.photosync-tmp",
  ];
  const theirs = [".git/objects/pack/tmp_pack_1", ".git/index.lock", "p/.x.photosync-tmp"];
  for (const path of [...ours, ...theirs]) writeFileSync(at(path), "");
  writeFileSync(at(".git/refs/heads/main.lock"), `${"a".repeat(40)}\n`);
  utimesSync(at(ours.at(-1) ?? ""), 1, 1);
  await (await world.reopen()).recover(call);
  expect(ours.filter((path) => existsSync(at(path)))).toEqual([]);
  expect(theirs.filter((path) => existsSync(at(path)))).toEqual(theirs);
  expect(existsSync(at(".git/refs/heads/main.lock"))).toBe(false);
});

it("clears what a kill left of a branch's lock that was in the making, and of the library's own", async () => {
  const started = JSON.parse(readFileSync(journalPath(), "utf8"));
  writeFileSync(journalPath(), JSON.stringify({ ...Object(started), state: "started" }));
  const left = [
    ".git/refs/heads/.main.lock.0123456789ab.photosync-tmp",
    ".photosync/.lock.0123456789ab.photosync-tmp",
  ];
  for (const path of left) writeFileSync(at(path), "");
  const young = at(".photosync/.lock.ba9876543210.photosync-tmp");
  writeFileSync(young, "");
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(at(left[1] ?? ""), longAgo, longAgo);
  await (await world.reopen()).recover(call);
  for (const path of left) expect([path, existsSync(at(path))]).toEqual([path, false]);
  // Another run may be about to take the lock through it.
  expect(existsSync(young)).toBe(true);
});

it("clears at once what a dead process left of taking the library's lock, and leaves a living one's", async () => {
  const claim = (pid: number) =>
    JSON.stringify({ ...ownIdentity(), pid, command: "discover", since: "2024-01-01T00:00:00Z", token: "t" });
  const dead = at(".photosync/.lock.0123456789ab.photosync-tmp");
  const living = at(".photosync/.lock.ba9876543210.photosync-tmp");
  writeFileSync(dead, claim(spawnSync(process.execPath, ["--version"]).pid));
  writeFileSync(living, claim(process.pid));
  await (await world.reopen()).recover(call);
  expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
});

it("clears unfinished objects that are all that a power cut left of a commit", async () => {
  const left = at(".git/objects/00/tmp_obj_photosync_1");
  mkdirSync(at(".git/objects/00"), { recursive: true });
  writeFileSync(left, "");
  switchOff();
  await (await world.reopen()).recover(call);
  expect(existsSync(left)).toBe(false);
});

it("clears a journal that was in the making where nothing else tells of a crash", async () => {
  const left = at(".photosync/journal/.commit.json.0123456789ab.photosync-tmp");
  writeFileSync(left, "");
  await (await world.reopen()).recover(call);
  expect(existsSync(left)).toBe(false);
});

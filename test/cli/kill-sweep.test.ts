import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { blobsIn, picture, put, tempFolderForAll } from "./files.js";
import { Library } from "./library.js";
import { git, gitFsck, gitStatus, start } from "./run-program.js";
import { checkSums } from "./sha256.js";

const KILLS = Number(process.env["PHOTOSYNC_KILLS"] ?? 10);
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const STILL_CLOCK = { SOURCE_DATE_EPOCH: "1780000000" };
const PICTURES = 60;

/** Evenly spread numbers from 0 to 1 that the seed settles (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Stage {
  readonly name: string;
  readonly args: readonly string[];
  /** The library before the command, and after it ran undisturbed. */
  before: string;
  tree: string;
  blobs: Readonly<Record<string, string>>;
  tookMs: number;
}

const stages: Stage[] = ["discover", "resolve", "replicate", "undo"].map((name) => ({
  ...{ name, before: "", tree: "", blobs: {}, tookMs: 0 },
  args: [],
}));
let home = "";

async function argumentsOf(name: string): Promise<readonly string[]> {
  if (name === "discover") return ["discover", join(home, "pictures"), join(home, "takeout-1.zip")];
  return name === "replicate" ? ["replicate", "--execute"] : [name];
}

beforeAll(async () => {
  home = await tempFolderForAll();
  const entries = [];
  for (let seed = 0; seed < PICTURES; seed += 1) {
    const bytes = await picture(seed, { taken: `2024:0${1 + (seed % 9)}:15 10:30:00` });
    const name = `${seed % 50}.jpg`;
    if (seed % 3 === 0) entries.push({ name: `Takeout/Google Photos/Photos from 2024/${name}`, bytes });
    if (seed % 3 !== 0 || seed % 6 === 0) await put(join(home, "pictures"), `${seed % 4}/${name}`, bytes);
  }
  await writeZip(join(home, "takeout-1.zip"), entries);
  const library = await Library.init(join(home, "undisturbed"), STILL_CLOCK);
  for (const stage of stages) {
    stage.before = join(home, `before-${stage.name}`);
    Object.assign(stage, { args: await argumentsOf(stage.name) });
    await cp(library.path, stage.before, { recursive: true, preserveTimestamps: true });
    const started = performance.now();
    const ended = await start([...stage.args, "--library", library.path], STILL_CLOCK).ended;
    stage.tookMs = performance.now() - started;
    expect([stage.name, ended.exit]).toEqual([stage.name, 0]);
    stage.tree = library.tree();
    stage.blobs = await blobsIn(join(library.path, "blobs")).catch(() => ({}));
  }
}, 120_000);

describe(`killed at any moment and run again (PHOTOSYNC_KILLS=${KILLS} PHOTOSYNC_SEED=${SEED})`, () => {
  it.each(stages)(
    "$name ends as if it had never been killed",
    { timeout: 60_000 + KILLS * 15_000 },
    async (stage) => {
      const random = randomFrom(SEED + stage.name.length);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const path = join(home, `killed-${stage.name}-${kill}`);
        await cp(stage.before, path, { recursive: true, preserveTimestamps: true });
        const library = new Library(path, STILL_CLOCK);
        const commits = library.commits();
        // The first third is the start of Node and changes nothing.
        const at = Math.floor((0.33 + 0.67 * random()) * stage.tookMs);
        const where = `${stage.name} killed after ${at} ms, PHOTOSYNC_SEED=${SEED}`;
        const running = start([...stage.args, "--library", path], STILL_CLOCK);
        await sleep(at);
        running.child.kill("SIGKILL");
        await running.ended;
        expect(gitFsck(path), where).toBe("");

        const finished = library.commits() > commits;
        if (!finished || stage.name !== "undo") {
          const again = await start([...stage.args, "--library", path], STILL_CLOCK).ended;
          expect([where, again.exit]).toEqual([where, 0]);
        } else await library.run("status");
        expect(library.tree(), where).toBe(stage.tree);
        expect(library.commits(), where).toBe(commits + 1);
        expect(await blobsIn(join(path, "blobs")).catch(() => ({})), where).toEqual(stage.blobs);
        if (stage.name === "replicate") expect(checkSums(join(path, "blobs"))).toBe("");
        expect(gitFsck(path), where).toBe("");
        expect(gitStatus(path), where).toBe("");
        expect(await leftovers(path), where).toEqual([]);
        expect(git(path, "count-objects", "-v"), where).toContain("garbage: 0");
      }
    },
  );
});

/** What half-written files and Git's locks are called; photosync's own lock is taken over by whoever writes next. */
async function leftovers(path: string): Promise<readonly string[]> {
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => /\.tmp|\.part|tmp_|\.lock$/.test(name));
}

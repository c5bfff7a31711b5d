import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentBoot } from "../../src/control/process-identity.js";
import { digestOf } from "../../src/infra/hash.js";
import { git } from "../cli/run-program.js";
import { compilePreload, watching } from "../faults/preload.js";
import { damageBlobs } from "./damage.js";
import { returnToKill } from "./killed-run.js";
import { blobsOf, headOf, runProgram, treeOf } from "./program.js";
import { INDEX_FILE, KILLED_LOG, LIBRARY, type Recorded, type Step } from "./scenario.js";
import { makeSources, type Sources } from "./sources.js";

/** A scenario by name: what is run first unrecorded, and what is recorded; power fails in the midst of the latter. */
interface Outline {
  readonly name: string;
  readonly before: readonly (readonly string[])[];
  readonly recorded: readonly (readonly string[])[];
  /** The first recorded run is made twice: once it is killed when the last file has got a name like this, then it is run again. */
  readonly killedAfter?: RegExp;
  /** Changes blobs of the world before the first recorded run; tells the hashes of the wrong bytes. */
  readonly damage?: (world: string) => readonly string[];
}

function outlines(sources: Sources): readonly Outline[] {
  const init = ["init"];
  const folder = ["discover", sources.pictures];
  const takeout = ["discover", sources.takeout];
  const replicate = ["replicate", "--execute"];
  return [
    { name: "init", before: [], recorded: [init] },
    { name: "discover-folder", before: [init], recorded: [folder] },
    { name: "discover-takeout", before: [init, folder], recorded: [takeout] },
    { name: "discover-many", before: [init], recorded: [["discover", sources.many]] },
    { name: "resolve", before: [init, folder, takeout], recorded: [["resolve"]] },
    { name: "replicate", before: [init, folder, takeout, ["resolve"]], recorded: [replicate] },
    {
      name: "verify-repair",
      before: [init, folder, takeout, ["resolve"], replicate],
      recorded: [["verify", "--deep", "--repair"]],
      damage: damageBlobs,
    },
    // What the killed run had not synced is found by the next one, which must not take it for durable.
    {
      name: "discover-killed",
      before: [init],
      recorded: [folder],
      killedAfter: /\/\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/,
    },
    {
      name: "replicate-killed",
      before: [init, folder, takeout, ["resolve"]],
      recorded: [replicate],
      killedAfter: /\/usb\/\d{4}\/\d{2}\/[^./][^/]*$/,
    },
    { name: "undo", before: [init, folder, takeout], recorded: [["undo"]] },
    // Nothing but the program's own syncs lies between these runs: what one left to the system, the next ones still can lose.
    {
      name: "one-after-another",
      before: [init],
      recorded: [folder, takeout, ["resolve"], replicate, ["undo"]],
    },
  ];
}

/**
 * Runs the real program once for each scenario in a world at `<folder>/world` and records its file operations. Leaves
 * each scenario in a folder of its own below `folder`, for `loadScenario`, and returns their names.
 */
export async function record(folder: string, only: readonly string[] = []): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const preload = compilePreload();
  try {
    const sources = await makeSources(join(folder, "sources"));
    const wanted = outlines(sources).filter(({ name }) => only.length === 0 || only.includes(name));
    for (const outline of wanted) await recordOne({ folder, preload }, outline);
    return wanted.map(({ name }) => name);
  } finally {
    rmSync(preload, { recursive: true, force: true });
  }
}

/** What `recordOne` works with. */
interface Recorder {
  readonly folder: string;
  readonly preload: string;
}

async function recordOne(recorder: Recorder, outline: Outline): Promise<void> {
  const { name, before, recorded, killedAfter, damage } = outline;
  const world = join(recorder.folder, "world");
  const library = join(world, LIBRARY);
  const place = join(recorder.folder, name);
  await prepare(recorder, before);
  mkdirSync(place);
  const damaged = damage?.(world) ?? [];
  const baseBlobs = blobsOf(world);
  cpSync(world, join(place, "base"), { recursive: true });
  const [first] = recorded;
  if (killedAfter !== undefined && first !== undefined) {
    const log = join(place, KILLED_LOG);
    await runWatched(first, { library, world, preload: recorder.preload, log });
    returnToKill({ world, base: join(place, "base"), log, killedAfter });
  }
  const baseHead = headOf(library);
  const steps: Step[] = [];
  for (const [number, args] of recorded.entries()) {
    await runWatched(args, {
      library,
      world,
      preload: recorder.preload,
      log: join(place, `log-${number}.jsonl`),
    });
    const index = join(world, INDEX_FILE);
    if (existsSync(index)) cpSync(index, join(place, `index-${number}`));
    steps.push({
      args,
      head: headOf(library) ?? "",
      tree: treeOf(library),
      blobs: blobsOf(world),
    });
    if (damage === undefined && killedAfter === undefined)
      keep(recorder, [...before, ...recorded.slice(0, number + 1)]);
  }
  const facts: Recorded = { name, world, baseHead, boot: currentBoot(), steps, baseBlobs, damaged };
  writeFileSync(join(place, "scenario.json"), JSON.stringify(facts));
  rmSync(world, { recursive: true, force: true });
}

const keptAt = ({ folder }: Recorder, runs: readonly (readonly string[])[]): string =>
  join(folder, `after-${digestOf(JSON.stringify(runs)).slice(0, 16)}`);

/** Keeps the world as it is after these runs, so that no run is made twice. */
function keep(recorder: Recorder, runs: readonly (readonly string[])[]): void {
  const kept = keptAt(recorder, runs);
  if (!existsSync(kept)) cpSync(join(recorder.folder, "world"), kept, { recursive: true });
}

/** Makes the world as it is after these runs, from what was kept where it can. */
async function prepare(recorder: Recorder, runs: readonly (readonly string[])[]): Promise<void> {
  const world = join(recorder.folder, "world");
  rmSync(world, { recursive: true, force: true });
  const kept = keptAt(recorder, runs);
  const last = runs.at(-1);
  if (last === undefined) mkdirSync(world, { recursive: true });
  else if (existsSync(kept)) cpSync(kept, world, { recursive: true });
  else {
    await prepare(recorder, runs.slice(0, -1));
    await runProgram(last, join(world, LIBRARY));
    keep(recorder, runs);
  }
  const library = join(world, LIBRARY);
  if (runs.length === 1) addSecondStore(library);
}

async function runWatched(
  args: readonly string[],
  { library, world, preload, log }: Readonly<Record<"library" | "world" | "preload" | "log", string>>,
): Promise<void> {
  await runProgram(args, library, watching(preload, { roots: [world], log, mode: "record" }));
}

/** A second store on another disk, named relative to the library so that the world can be moved. */
function addSecondStore(library: string): void {
  const path = join(library, "config", "user-preferences.json");
  const preferences = JSON.parse(readFileSync(path, "utf8"));
  preferences.blob_storage.stores = { usb: { type: "local", path: "../usb" } };
  writeFileSync(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library, "commit", "--quiet", "--all", "--message", "config: a second store");
}

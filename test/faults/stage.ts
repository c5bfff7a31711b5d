import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Ended, type Running, start } from "../cli/run-program.js";
import { type EndState, endState } from "./library-state.js";
import type { LoggedOperation, Settings } from "./preload/settings.mjs";
import { watching } from "./preload.js";
import { type Recipe, recipes } from "./recipes.js";
import type { Sources } from "./sources.js";
import { toldContent } from "./told-content.js";

/** The same in every run, so that equal work gives equal documents. */
const STILL_CLOCK = "1780000000";

/** What the program reads outside the sweep's own folder: who the process is, whose Git this is, its own files. */
const ELSEWHERE = [
  "/proc",
  "/nonexistent",
  ...["schemas", "config", "package.json", "dist/control/schema-photo.cjs"].map((name) =>
    fileURLToPath(new URL(`../../${name}`, import.meta.url)),
  ),
];

/** What a sweep works with. */
export interface Bench {
  /** A folder of its own, absolute and without links; everything lies below it. */
  readonly home: string;
  readonly sources: Sources;
  /** What `sourcesPrint` said of the sources when they were written. */
  readonly sourcesPrint: string;
  /** The compiled layer. */
  readonly preload: string;
}

/** A command on a prepared library, with what an undisturbed run makes of it. */
export interface Stage
  extends Pick<Recipe, "name" | "args" | "freshen" | "meanwhile" | "tells" | "isInLibrary" | "namesPlace"> {
  /** What stands first on its command line. */
  readonly command: string;
  /** The folder with library and second store as they are before the command. */
  readonly before: string;
  readonly commitsBefore: number;
  readonly after: EndState;
  /** What the documents tell afterwards. */
  readonly told: string;
  readonly exit: number | null;
  /** How a run may end that starts where a disturbed one left off. */
  readonly exits: readonly (number | null)[];
  /** How a second run ends, which has nothing to do. */
  readonly exitAgain: number | null;
  readonly operations: readonly LoggedOperation[];
  readonly tookMs: number;
}

type Mode = Settings extends infer S ? (S extends unknown ? Omit<S, "roots" | "log"> : never) : never;

/** A run of the program on the library in `place`; with a mode it is watched, and what it logs is read by `loggedIn`. */
export function begin(
  bench: Bench,
  place: string,
  { args, isInLibrary }: Pick<Recipe, "args" | "isInLibrary">,
  mode?: Mode,
): Running {
  const settings = { ...mode, roots: [bench.home, ...ELSEWHERE], log: logOf(place) } as Settings;
  const library = join(place, "library");
  const environment = {
    SOURCE_DATE_EPOCH: STILL_CLOCK,
    TMPDIR: join(place, "tmp"),
    ...(mode === undefined ? {} : watching(bench.preload, settings)),
  };
  return start(args(library), environment, isInLibrary === true ? { folder: library } : {});
}

const logOf = (place: string): string => join(place, "operations.log");

/** The operations that the watched runs in `place` logged. */
export async function loggedIn(place: string): Promise<readonly LoggedOperation[]> {
  const text = await readFile(logOf(place), "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line): LoggedOperation => JSON.parse(line));
}

/** A fresh copy of a stage's library, for one disturbed run; the caller removes it. */
export async function freshPlace(bench: Bench, stage: Pick<Stage, "before">, name: string): Promise<string> {
  const place = join(bench.home, "points", name);
  await rm(place, { recursive: true, force: true });
  await copyTree(stage.before, place);
  return place;
}

/** `cp` does it in a tenth of the time that Node takes, and a sweep copies a library a thousand times. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await promisify(execFile)("cp", ["-a", "--reflink=auto", from, to]);
}

/** Runs every command of a library's life once, undisturbed and counted, and keeps the library as it was before each. */
export async function prepareStages(
  bench: Bench,
  wanted: (name: string) => boolean,
  life: readonly Recipe[] = recipes(bench.sources),
): Promise<readonly Stage[]> {
  const home = join(bench.home, "undisturbed");
  await mkdir(join(home, "tmp"), { recursive: true });
  const stages: Stage[] = [];
  for (const [number, recipe] of life.entries()) {
    const { name, args, prepare, isAside, freshen, meanwhile } = recipe;
    if (isAside === true && !wanted(name)) continue;
    const place = isAside === true ? await freshPlace(bench, { before: home }, "aside") : home;
    await prepare?.(place);
    const before = join(bench.home, `before-${number}`);
    await rm(logOf(place), { force: true });
    await copyTree(place, before);
    const commitsBefore = number === 0 ? 0 : (await endState(before)).commits;
    await freshen?.(place);
    const stop = meanwhile?.(place);
    const started = performance.now();
    const ended = await begin(bench, place, recipe, { mode: "count" }).ended;
    stop?.();
    const tookMs = performance.now() - started;
    requireDone(recipe, ended);
    const after = await endState(place);
    const told = await toldContent(place);
    const operations = await loggedIn(place);
    let exitAgain: number | null = null;
    if (wanted(name) && !name.startsWith("undo")) {
      const copy = await freshPlace(bench, { before: place }, "again");
      exitAgain = (await begin(bench, copy, recipe).ended).exit;
    }
    const stage = {
      ...recipe,
      command: args("")[0] ?? "",
      before,
      commitsBefore,
      after,
      told,
      exit: ended.exit,
      exits: [ended.exit, ...(isAside === true ? [0] : [])],
      exitAgain,
      operations,
      tookMs,
    };
    if (wanted(name)) stages.push(stage);
  }
  return stages;
}

function requireDone({ name, exits = [10] }: Recipe, { exit, stdout, stderr }: Ended): void {
  if (exit !== null && [0, ...exits].includes(exit)) return;
  throw new Error(`${name}, undisturbed, ended in ${exit}: ${stdout}${stderr}`);
}

/** Makes temporary files beside a lock look two minutes old: younger ones may be another run's in the making. */
export async function ageTemps(place: string): Promise<void> {
  const then = new Date(Date.now() - 120_000);
  for (const library of ["library", "recovered"]) {
    const folder = join(place, library, ".photosync");
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.endsWith(".photosync-tmp")) await utimes(join(folder, name), then, then);
    }
  }
}

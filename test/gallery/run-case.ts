import { type GalleryCase, NotPossibleHere, type ProgramRun } from "./gallery-case.js";
import { measuredRun } from "./measured-run.js";
import { brokenByRun, brokenDocuments, brokenInGit, countedCodes, statusLines, toldIn } from "./rules.js";
import { differences, snapshotOf } from "./snapshot.js";
import type { Templates } from "./templates.js";
import { World } from "./world.js";

/** Wall time, generous because other work may starve a run; what a run itself may take is a rule of its own. */
const LIMIT_MS = 120_000;
const HEAVY_LIMIT_MS = 1_800_000;

/** One line of the table. */
export interface Row {
  readonly input: string;
  readonly command: string;
  readonly exit: string;
  readonly codes: readonly string[];
  readonly seconds: number | null;
  readonly cpuSeconds: number | null;
  readonly peakMb: number | null;
  /** Rules that were broken, in words. */
  readonly broken: readonly string[];
  /** Why the case could not be made here. */
  readonly skipped?: string;
}

async function rowOf(one: GalleryCase, run: ProgramRun, world: World): Promise<Row> {
  await run.before?.(world);
  const left = () => [world.library, ...world.restless];
  const outside = snapshotOf(world.root, left());
  const status = one.library === "none" ? null : statusLines(world);
  const ended = await measuredRun(run, world, one.isHeavy === true ? HEAVY_LIMIT_MS : LIMIT_MS);
  const { broken, printed } = brokenByRun(run, ended, one.isHeavy === true);
  return {
    input: one.name,
    command: run.args.join(" ").replaceAll("{in}", "in").replaceAll("{library}", "library"),
    exit: String(ended.exit ?? "–"),
    codes: countedCodes(toldIn(printed).map(({ code }) => code)),
    seconds: ended.seconds,
    cpuSeconds: ended.cpuSeconds,
    peakMb: ended.peakMb,
    broken: [
      ...broken,
      ...differences(outside, snapshotOf(world.root, left())),
      ...(one.breaksGit === true || one.library === "none" ? [] : brokenInGit(world, status)),
      ...((await run.check?.(world, printed)) ?? []),
    ],
  };
}

/** Builds a case, runs the program on it (`mostRuns` of its runs) and judges what came of it; a line for each run. */
export async function runCase(
  one: GalleryCase,
  templates: Templates,
  mostRuns = one.runs.length,
): Promise<readonly Row[]> {
  const library = one.library ?? "new";
  const world = await World.make(library === "none" ? null : templates[library]);
  const rows: Row[] = [];
  try {
    await one.build(world);
    for (const run of one.runs.slice(0, mostRuns)) rows.push(await rowOf(one, run, world));
    // What the later runs would have found is not missing yet.
    if (rows.length < one.runs.length) return rows;
    const last = rows.pop();
    if (last !== undefined) rows.push({ ...last, broken: [...last.broken, ...brokenDocuments(one, world)] });
    return rows;
  } catch (error) {
    if (!(error instanceof NotPossibleHere)) throw error;
    const none = {
      command: "",
      exit: "",
      codes: [],
      seconds: null,
      cpuSeconds: null,
      peakMb: null,
      broken: [],
    };
    return [{ input: one.name, ...none, skipped: error.message }];
  } finally {
    await world.end();
  }
}

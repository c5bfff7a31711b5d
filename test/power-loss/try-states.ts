import { rmSync } from "node:fs";
import { join } from "node:path";
import { byTheProgram, checkState, expectTidied, inThisProcess, leftovers, type Runner } from "./check.js";
import { choose, type Style } from "./choices.js";
import { below, randomFrom } from "./random.js";
import type { Scenario } from "./scenario.js";
import { buildState, type CutState, cutState } from "./state.js";

/** One state of a scenario, tried. `why` is null when it kept every promise. */
export interface Tried {
  readonly number: number;
  readonly cut: number;
  readonly style: Style;
  readonly index: CutState["indexFate"];
  readonly why: string | null;
  /** Unfinished files that recovery left lying about; they harm nobody. */
  readonly left: readonly string[];
}

/** Every fourth state is one of a run that has reported that it was done. */
const AT_A_REPORT = 4;
/** The real program, which takes most of the time, is started for every ninetieth state, and where the index may end a process with a signal. */
const BY_THE_PROGRAM = 90;

/** The state of a scenario that a seed and a number settle, whichever others are tried. */
export function stateOf(
  scenario: Scenario,
  seed: number,
  number: number,
): { readonly state: CutState; readonly style: Style } {
  const random = randomFrom(seed * 1_000_003 + number * 7919 + scenario.name.length);
  for (let i = 0; i < 3; i++) random();
  const { operations } = scenario.trace;
  const reports = scenario.doneAt;
  const cut =
    number % AT_A_REPORT === 0
      ? (reports[(number / AT_A_REPORT) % reports.length] ?? operations.length)
      : below(random, operations.length + 1);
  const { style, choice } = choose(operations, cut, random);
  return { style, state: cutState(scenario, choice, random) };
}

/**
 * Pages mixed at random are harsher than any disk that LMDB's own syncs reach: what such an index breaks may end one
 * command with `library.index-failed`, which puts the index away; the next one has to work.
 */
const onceMore =
  (run: Runner): Runner =>
  async (args, library) => {
    try {
      await run(args, library);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("library.index-failed")) throw error;
      await run(args, library);
    }
  };

/** Builds a state in `folder`, checks it, and removes it, unless it is broken and to be kept. */
export async function tryState(
  scenario: Scenario,
  seed: number,
  number: number,
  { folder, keepBroken }: { readonly folder: string; readonly keepBroken: boolean },
): Promise<Tried> {
  const { state, style } = stateOf(scenario, seed, number);
  const world = join(folder, `${scenario.name}-${number}`);
  const facts = { number, cut: state.choice.cut, style, index: state.indexFate };
  const isReal = number % BY_THE_PROGRAM === 0 || state.indexFate === "mixed";
  try {
    buildState(scenario, state, world);
    const plain = isReal ? byTheProgram : inThisProcess;
    const run = state.indexFate === "mixed" ? onceMore(plain) : plain;
    await checkState(scenario, state, world, run);
    const left = leftovers(world);
    if (left.length > 0) await expectTidied(scenario, world, run);
    rmSync(world, { recursive: true, force: true });
    return { ...facts, why: null, left };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (keepBroken) buildState(scenario, state, world);
    else rmSync(world, { recursive: true, force: true });
    return { ...facts, why, left: [] };
  }
}

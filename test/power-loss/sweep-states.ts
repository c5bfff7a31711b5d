import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "../cli/run-program.js";
import type { JobOrder } from "./job.js";
import { loadScenario } from "./scenario.js";
import type { Tried } from "./try-states.js";

const JOB = fileURLToPath(new URL("job.ts", import.meta.url));

export type TriedIn = Tried & { readonly scenario: string };

/** What was tried of one scenario. */
export interface Tally {
  readonly scenario: string;
  readonly operations: number;
  readonly cuts: number;
  readonly states: number;
  /** States in which recovery left an unfinished file lying about; it harms nobody. */
  readonly untidy: number;
  readonly broken: readonly TriedIn[];
}

export interface SweepOptions {
  readonly recording: string;
  readonly scenarios: readonly string[];
  readonly seed: number;
  /** How many states of each scenario. */
  readonly each: number;
  readonly folder: string;
  readonly jobs: number;
  /** States that are not begun by then are left out; milliseconds since 1970. */
  readonly endsAtMs?: number | undefined;
  readonly onTried?: (tried: TriedIn) => void;
}

/** Tries so many states of each recorded scenario, in several processes, and counts. */
export async function sweepStates(options: SweepOptions): Promise<readonly Tally[]> {
  const { scenarios, each, jobs } = options;
  const all = Array.from({ length: each }, (_, number) =>
    scenarios.map((scenario) => ({ scenario, number })),
  ).flat();
  const shares = Array.from({ length: jobs }, (_, job) =>
    all.filter((_state, place) => place % jobs === job),
  );
  const tried = (await Promise.all(shares.map((share) => runJob(options, share)))).flat();
  return scenarios.map((scenario) => {
    const own = tried.filter((one) => one.scenario === scenario);
    return {
      scenario,
      operations: loadScenario(`${options.recording}/${scenario}`).trace.operations.length,
      cuts: new Set(own.map(({ cut }) => cut)).size,
      states: own.length,
      untidy: own.filter(({ left }) => left.length > 0).length,
      broken: own.filter(({ why }) => why !== null),
    };
  });
}

/** Runs one share to its end; a state that ends the job's process with a signal is broken, and the next job goes on after it. */
async function runJob(options: SweepOptions, share: JobOrder["states"]): Promise<readonly TriedIn[]> {
  const { recording, seed, folder, onTried } = options;
  const tried: TriedIn[] = [];
  while (tried.length < share.length) {
    const before = tried.length;
    const endsAtMs = options.endsAtMs ?? null;
    const order: JobOrder = { recording, seed, folder, endsAtMs, states: share.slice(before) };
    const child = spawn(process.execPath, ["--import", "tsx", JOB, JSON.stringify(order)], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<string>((resolve) => {
      child.once("close", (exit, signal) => resolve(signal ?? `exit ${exit}`));
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const said: (TriedIn & { readonly begun?: true }) | { readonly begun: true } = JSON.parse(line);
      if (said.begun === true) continue;
      tried.push(said);
      onTried?.(said);
    }
    const end = await ended;
    const next = share[tried.length];
    if (next === undefined || (end === "exit 0" && endsAtMs !== null && Date.now() > endsAtMs)) break;
    const why = `the process that opened it ended with ${end}`;
    const lost: TriedIn = { ...next, cut: -1, style: "any", index: "last", left: [], why };
    tried.push(lost);
    onTried?.(lost);
  }
  return tried;
}

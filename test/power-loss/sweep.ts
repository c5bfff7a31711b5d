/**
 * `npm run sweep:power`: records every command that writes, cuts the power in its midst on a disk that keeps only what was
 * synced, and checks each state that this can leave. Options: --seed N, --states N (in all), --only SCENARIO[:NUMBER],
 * --recording FOLDER (of an earlier sweep, which a broken state is replayed from), --minutes N (then no further state is
 * begun), --jobs N.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { record } from "./record.js";
import { loadScenario } from "./scenario.js";
import { sweepStates, type TriedIn } from "./sweep-states.js";
import { tryState } from "./try-states.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    states: { type: "string", default: "2000" },
    only: { type: "string" },
    recording: { type: "string" },
    minutes: { type: "string" },
    jobs: { type: "string", default: "2" },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const [only, number] = values.only?.split(":") ?? [];

// Memory does not wait for syncs, and what is checked here is not the disk of this computer.
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "photosync-power-"));
const recording = values.recording ?? join(scratch, "recording");
const folder = join(scratch, "states");
mkdirSync(folder);

const describe = (tried: TriedIn): string =>
  `BROKEN ${tried.scenario}:${tried.number} (cut ${tried.cut}, ${tried.style}, index ${tried.index}): ${tried.why}`;

async function replayOne(scenario: string, state: number): Promise<boolean> {
  const tried = await tryState(loadScenario(join(recording, scenario)), seed, state, {
    folder,
    keepBroken: true,
  });
  console.log(tried.why === null ? "whole" : describe({ scenario, ...tried }), `— states in ${folder}`);
  return tried.why === null;
}

const recordedIn = (place: string): readonly string[] =>
  readdirSync(place).filter((name) => existsSync(join(place, name, "scenario.json")));

async function sweep(): Promise<boolean> {
  const began = performance.now();
  const wanted = only === undefined ? [] : [only];
  const names = values.recording === undefined ? await record(recording, wanted) : recordedIn(recording);
  const recorded = only === undefined ? names : wanted;
  console.log(`seed ${seed}; recorded in ${Math.round((performance.now() - began) / 1000)} s`);
  let count = 0;
  const tallies = await sweepStates({
    ...{ recording, scenarios: recorded, seed, folder, jobs: Number(values.jobs) },
    endsAtMs: values.minutes === undefined ? undefined : Date.now() + Number(values.minutes) * 60_000,
    each: Math.ceil(Number(values.states) / recorded.length),
    onTried: (tried) => {
      count++;
      if (count % 100 === 0) console.error(`${count} states`);
      if (tried.why !== null) console.log(describe(tried));
      if (tried.left.length > 0)
        console.log(`UNTIDY ${tried.scenario}:${tried.number}: ${tried.left.join(", ")}`);
    },
  });
  const sum = (of: (tally: (typeof tallies)[number]) => number) =>
    tallies.reduce((all, one) => all + of(one), 0);
  const row = (name: string, ...counts: readonly number[]) =>
    console.log(name.padEnd(20), ...counts.map((count) => String(count).padStart(10)));
  console.log("scenario".padEnd(20), "operations       cuts     states     untidy     broken");
  for (const { scenario, operations, cuts, states, untidy, broken } of tallies) {
    row(scenario, operations, cuts, states, untidy, broken.length);
  }
  const broken = sum((tally) => tally.broken.length);
  row(
    "all",
    sum((t) => t.operations),
    sum((t) => t.cuts),
    sum((t) => t.states),
    sum((t) => t.untidy),
    broken,
  );
  console.log(`seed ${seed}, ${Math.round((performance.now() - began) / 1000)} s, broken: ${broken}`);
  return broken === 0;
}

const isWhole = number === undefined ? await sweep() : await replayOne(only ?? "", Number(number));
if (isWhole) rmSync(scratch, { recursive: true, force: true });
else console.log(`Replay with: --seed ${seed} --recording ${recording} --only SCENARIO:NUMBER`);
process.exitCode = isWhole ? 0 : 1;

import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { record } from "../power-loss/record.js";
import { sweepStates } from "../power-loss/sweep-states.js";
import { tempFolderForAll } from "./files.js";

// The long form is `npm run sweep:power`, which replays a broken state by its seed and number.
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const STATES = Number(process.env["PHOTOSYNC_CUTS"] ?? 6);
const SCENARIOS = ["init", "discover-folder", "replicate"];

let home = "";

beforeAll(async () => {
  home = await tempFolderForAll();
  await record(join(home, "recording"), SCENARIOS);
}, 900_000);

it(`holds after a power cut all that was reported as done (PHOTOSYNC_SEED=${SEED})`, {
  timeout: 300_000,
}, async () => {
  const tallies = await sweepStates({
    recording: join(home, "recording"),
    scenarios: SCENARIOS,
    seed: SEED,
    each: STATES,
    folder: join(home, "states"),
    jobs: 2,
  });
  expect(tallies.flatMap(({ broken }) => broken)).toEqual([]);
  expect(tallies.map(({ states }) => states)).toEqual(SCENARIOS.map(() => STATES));
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBench, removeBench } from "../faults/bench.js";
import { choosePoints, describePoint, killAt } from "../faults/kill-point.js";
import { STAGE_NAMES } from "../faults/recipes.js";
import { inParallel, randomFrom } from "../faults/seeded.js";
import { type Bench, prepareStages, type Stage } from "../faults/stage.js";

/** For each command; `npm run sweep:kill` is the long form. */
const KILLS = Number(process.env["PHOTOSYNC_KILLS"] ?? 4);
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const PICTURES = 20;
const JOBS = 2;

let bench: Bench;
let stages: readonly Stage[] = [];
const random = randomFrom(SEED);
const seen = new Set<string>();

beforeAll(async () => {
  bench = await makeBench(PICTURES);
  stages = await prepareStages(bench, () => true);
}, 900_000);
afterAll(() => removeBench(bench));

describe(`killed at any moment and run again (PHOTOSYNC_KILLS=${KILLS} PHOTOSYNC_SEED=${SEED})`, () => {
  it.each(STAGE_NAMES)(
    "%s ends as if it had never been killed",
    { timeout: 60_000 + KILLS * 15_000 },
    async (name) => {
      const stage = stages.find((each) => each.name === name) ?? expect.unreachable();
      const points = choosePoints(stage, KILLS, random, seen);
      const killed = await inParallel(points, JOBS, (point, number) =>
        killAt(bench, stage, point, `${name.replaceAll(" ", "-")}-${number}`),
      );
      expect(killed.flatMap((each) => each.problems.map((why) => `${describePoint(each)}: ${why}`))).toEqual(
        [],
      );
      expect(killed.some(({ reached }) => reached)).toBe(true);
    },
  );
});

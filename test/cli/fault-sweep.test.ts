import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBench, removeBench } from "../faults/bench.js";
import { describeTarget, failAt } from "../faults/fault-point.js";
import { eachTroubleOnce } from "../faults/fault-target.js";
import { STAGE_NAMES } from "../faults/recipes.js";
import { inParallel, randomFrom, shuffled } from "../faults/seeded.js";
import { type Bench, prepareStages, type Stage } from "../faults/stage.js";

/** For each command; `npm run sweep:faults` is the long form. */
const FAULTS = Number(process.env["PHOTOSYNC_FAULTS"] ?? 3);
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const JOBS = 2;

let bench: Bench;
let stages: readonly Stage[] = [];
const random = randomFrom(SEED);

beforeAll(async () => {
  bench = await makeBench(0);
  stages = await prepareStages(bench, () => true);
}, 900_000);
afterAll(() => removeBench(bench));

describe(`a file operation fails (PHOTOSYNC_FAULTS=${FAULTS} PHOTOSYNC_SEED=${SEED})`, () => {
  it.each(STAGE_NAMES)(
    "%s says so, breaks nothing, and is completed by the next run",
    { timeout: 60_000 + FAULTS * 20_000 },
    async (name) => {
      const stage = stages.find((each) => each.name === name) ?? expect.unreachable();
      const targets = shuffled(eachTroubleOnce(stage, random, new Set()), random).slice(0, FAULTS);
      const failed = await inParallel(targets, JOBS, (target, number) =>
        failAt(bench, stage, target, `${name.replaceAll(" ", "-")}-${number}`),
      );
      expect(failed.flatMap((each) => each.problems.map((why) => `${describeTarget(each)}: ${why}`))).toEqual(
        [],
      );
    },
  );
});

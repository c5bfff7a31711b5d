import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBench, removeBench } from "../faults/bench.js";
import { describeTarget, failAt } from "../faults/fault-point.js";
import { eachTroubleOnce } from "../faults/fault-target.js";
import { choosePoints, describePoint, killAt } from "../faults/kill-point.js";
import { STAGE_NAMES } from "../faults/recipes.js";
import { inParallel, randomFrom, shuffled } from "../faults/seeded.js";
import { type Bench, prepareStages, type Stage } from "../faults/stage.js";

/** For each command; `npm run sweep:kill` and `npm run sweep:faults` are the long forms. */
const KILLS = Number(process.env["PHOTOSYNC_KILLS"] ?? 2);
const FAULTS = Number(process.env["PHOTOSYNC_FAULTS"] ?? 1);
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const PICTURES = 4;
const JOBS = 2;

let bench: Bench;
let stages: readonly Stage[] = [];
const stageOf = (name: string): Stage => stages.find((each) => each.name === name) ?? expect.unreachable();

beforeAll(async () => {
  bench = await makeBench(PICTURES);
  stages = await prepareStages(bench, () => true);
}, 900_000);
afterAll(() => removeBench(bench));

describe(`killed at any moment and run again (PHOTOSYNC_KILLS=${KILLS} PHOTOSYNC_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const seen = new Set<string>();
  it.each(STAGE_NAMES)(
    "%s ends as if it had never been killed",
    { timeout: 120_000 + KILLS * 15_000 },
    async (name) => {
      const stage = stageOf(name);
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

describe(`a file operation fails (PHOTOSYNC_FAULTS=${FAULTS} PHOTOSYNC_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  it.each(STAGE_NAMES)(
    "%s says so, breaks nothing, and is completed by the next run",
    { timeout: 120_000 + FAULTS * 20_000 },
    async (name) => {
      const stage = stageOf(name);
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

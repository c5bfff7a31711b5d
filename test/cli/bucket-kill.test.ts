import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { openBucketWorld, RIGHT_KEYS } from "../contract/bucket-library.js";
import { dice } from "../fixtures/dice.js";
import { runs } from "../property/runs.js";
import { start } from "./run-program.js";

const KILLS = runs(3);
const SEED = Number(process.env["PHOTOSYNC_SEED"] ?? 1);
const PARTS = 5;

it(`killed ${KILLS} times on its way, it sends no part twice and records nothing that is not there`, async () => {
  const world = await openBucketWorld([500, 33 * 1024 ** 2]);
  onTestFinished(() => world.end());
  const { state } = world.server;
  const roll = dice(SEED);
  const parts = () =>
    state.log.filter(({ operation, key }) => operation === "UploadPart" && key.endsWith(".jpg")).length;
  let finished = 0;
  for (let killed = 0; killed < KILLS; ) {
    const computer = await world.computer();
    world.reset();
    const replicating = () =>
      start(["replicate", "--execute", "--json", "--library", computer.root], {
        ...RIGHT_KEYS,
        PHOTOSYNC_KEYCHAIN: "off",
      });
    try {
      // One upload meets three kills, at most, on its way.
      for (let n = 0; n < 3 && killed < KILLS; n++) {
        const { child, ended } = replicating();
        const last = state.log.length + 1 + roll(16);
        while (state.log.length < last && child.exitCode === null) await pause(1);
        child.kill("SIGKILL");
        await ended;
        killed++;
        await computer.recordedTruly();
      }
      const { exit, stdout } = await replicating().ended;
      expect([exit, JSON.parse(stdout).failures], `seed ${SEED}, kill ${killed}`).toEqual([0, []]);
      expect(await computer.recordedTruly()).toBe(world.photos);
      expect(parts(), `seed ${SEED}, kill ${killed}`).toBe(PARTS);
      expect(world.server.bucket("photos").uploads.size).toBeLessThanOrEqual(3);
      finished++;
    } finally {
      computer.end();
    }
  }
  console.log(
    `seed ${SEED}: ${KILLS} kills in ${finished} replicates; no part sent twice, no record that is false`,
  );
}, 1_800_000);

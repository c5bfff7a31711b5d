/**
 * Kills the real program at its changes to the disk and at random times, runs it again and compares. Prints a table; ends in
 * 1 when anything was not as after an undisturbed run. `npm run sweep:kill`, with the environment:
 * PHOTOSYNC_POINTS (for each command, or "all"), PHOTOSYNC_SEED, PHOTOSYNC_JOBS, PHOTOSYNC_STAGES (parts of names,
 * separated by commas), PHOTOSYNC_KEEP (leaves the library of a failed point).
 */
import { makeBench, removeBench } from "./bench.js";
import { changePoints, choosePoints, delayPoints, describePoint, type Killed, killAt } from "./kill-point.js";
import { inParallel, randomFrom } from "./seeded.js";
import { prepareStages } from "./stage.js";
import { lifeWithStores } from "./store-recipes.js";

const points = process.env["PHOTOSYNC_POINTS"] ?? "140";
const seed = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const jobs = Number(process.env["PHOTOSYNC_JOBS"] ?? 2);
const wanted = (process.env["PHOTOSYNC_STAGES"] ?? "").split(",");

console.error(`kill sweep: PHOTOSYNC_SEED=${seed} PHOTOSYNC_POINTS=${points} PHOTOSYNC_JOBS=${jobs}`);
const started = performance.now();
const bench = await makeBench(0);
const random = randomFrom(seed);
const seen = new Set<string>();
const rows: string[] = [];
const all: Killed[] = [];
const stages = await prepareStages(
  bench,
  (name) => wanted.some((part) => name.includes(part)),
  lifeWithStores(bench.sources),
);
for (const stage of stages) {
  const from = performance.now();
  const chosen =
    points === "all"
      ? [...changePoints(stage), ...delayPoints(stage, 25, random)]
      : choosePoints(stage, Number(points), random, seen);
  const results = await inParallel(chosen, jobs, async (point, number) => {
    const killed = await killAt(bench, stage, point, `${stage.name.replaceAll(" ", "-")}-${number}`);
    for (const problem of killed.problems) console.error(`BROKEN ${describePoint(killed)}: ${problem}`);
    if (number % 25 === 0) console.error(`${stage.name}: ${number} of ${chosen.length}`);
    return killed;
  });
  all.push(...results);
  const reached = results.filter((result) => result.reached);
  const changes = stage.operations.filter(({ change }) => change > 0);
  const sites = new Set(reached.flatMap(({ at }) => (at === undefined ? [] : [at.site])));
  const broken = results.filter(({ problems }) => problems.length > 0);
  const seconds = Math.round((performance.now() - from) / 1000);
  const timed = reached.filter(({ point }) => point.kind === "delay").length;
  rows.push(
    `| ${stage.name} | ${changes.length} | ${reached.length} | ${timed} | ${sites.size} of ${new Set(changes.map(({ site }) => site)).size} | ${broken.length} | ${seconds} s |`,
  );
}
const failed = all.filter(({ problems }) => problems.length > 0).length;
const reached = all.filter((result) => result.reached).length;
console.log(`
| command | changes to the disk | kills | of them at random times | call sites | failures | time |
|---|---|---|---|---|---|---|
${rows.join("\n")}
| all | | ${reached} | | | ${failed} | ${Math.round((performance.now() - started) / 1000)} s |

Seed ${seed}; ${all.length - reached} runs ended before their kill.`);
if (process.env["PHOTOSYNC_KEEP"] === undefined) await removeBench(bench);
else console.error(`kept: ${bench.home}`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Fails file operations of the real program one at a time and checks what holds. Prints tables; ends in 1 when an invariant
 * broke. `npm run sweep:faults`, with the environment:
 * PHOTOSYNC_BREADTH: `site` (each call site with one trouble), `once` (with each trouble once in all), `again` (each call
 * site once more in each further command that comes to it), `command` (these two; the default), `every` (each trouble at the
 * first, second, middle and last time in each stage); PHOTOSYNC_LIFE: `plain`, `variants` (only them, and only what the plain
 * life does not come to) or `all` (the default); PHOTOSYNC_SEED, PHOTOSYNC_JOBS, PHOTOSYNC_STAGES and PHOTOSYNC_SITES
 * (parts of names, separated by commas), PHOTOSYNC_RECORD (a file: what it has from earlier runs is counted and not done
 * again), PHOTOSYNC_KEEP.
 */
import { aftermathsOf } from "./aftermaths.js";
import { makeOddBench, removeBench } from "./bench.js";
import { describeTarget, type Failed, failAt } from "./fault-point.js";
import { faultRecord } from "./fault-record.js";
import { commandTable, stageTable, unreachedList } from "./fault-report.js";
import {
  eachSiteAgain,
  eachSiteOnce,
  eachTroubleOnce,
  everyTarget,
  type FaultTarget,
} from "./fault-target.js";
import { recipes } from "./recipes.js";
import { inParallel, randomFrom } from "./seeded.js";
import { prepareStages, type Stage } from "./stage.js";
import { lifeWithVariants } from "./variants.js";

const breadth = process.env["PHOTOSYNC_BREADTH"] ?? "command";
const life = process.env["PHOTOSYNC_LIFE"] ?? "all";
const seed = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const jobs = Number(process.env["PHOTOSYNC_JOBS"] ?? 2);
const wanted = (process.env["PHOTOSYNC_STAGES"] ?? "").split(",");
const sites = (process.env["PHOTOSYNC_SITES"] ?? "").split(",");

console.error(
  `fault sweep: PHOTOSYNC_SEED=${seed} PHOTOSYNC_BREADTH=${breadth} PHOTOSYNC_LIFE=${life} PHOTOSYNC_JOBS=${jobs}`,
);
const started = performance.now();
const { bench, odd } = await makeOddBench();
const random = randomFrom(seed);
const record = faultRecord(process.env["PHOTOSYNC_RECORD"]);
const tried = new Set<string>();
if (breadth === "site") for (const { reached, target } of record.earlier) if (reached) tried.add(target.site);
const plain = new Set(recipes(bench.sources).map(({ name }) => name));
const stages = await prepareStages(
  bench,
  (name) => wanted.some((part) => name.includes(part)) && (life !== "plain" || plain.has(name)),
  lifeWithVariants(bench.sources, odd),
);

function targetsOf(stage: Stage): readonly FaultTarget[] {
  if (breadth === "every") return everyTarget(stage);
  if (breadth === "site") return eachSiteOnce(stage, random, tried);
  const again = breadth === "once" ? [] : eachSiteAgain(stage, random, tried);
  const once = eachTroubleOnce(stage, random, tried);
  return breadth === "again" ? again : [...once, ...again];
}

// What the plain life comes to counts as tried where only the variants are wanted.
const plainStages = stages.filter(({ name }) => plain.has(name));
if (life === "variants") for (const stage of plainStages) targetsOf(stage);

const all: Failed[] = [...record.earlier];
for (const stage of stages) {
  const first = life === "variants" && plain.has(stage.name) ? [] : targetsOf(stage);
  const then = life === "plain" || breadth === "again" ? [] : aftermathsOf(stage.name);
  const targets = [...first, ...then].filter(
    (target) => sites.some((part) => target.site.includes(part)) && !record.has(stage.name, target),
  );
  const results = await inParallel(targets, jobs, async (target, number) => {
    const failed = await failAt(bench, stage, target, `${stage.name.replaceAll(/\W+/g, "-")}-${number}`);
    for (const problem of failed.problems) console.error(`BROKEN ${describeTarget(failed)}: ${problem}`);
    record.add(failed);
    if (number % 25 === 0) console.error(`${stage.name}: ${number} of ${targets.length}`);
    return failed;
  });
  all.push(...results);
}
const broken = all.filter(({ problems }) => problems.length > 0).length;
console.log(stageTable(stages, all));
console.log(commandTable(stages, all));
console.log(unreachedList(stages, all));
console.log(`Seed ${seed}, ${Math.round((performance.now() - started) / 1000)} s, broken: ${broken}.`);
if (process.env["PHOTOSYNC_KEEP"] === undefined) await removeBench(bench);
else console.error(`kept: ${bench.home}`);
process.exitCode = broken === 0 ? 0 : 1;

/**
 * Fails file operations of the real program one at a time and checks what holds. Prints a table; ends in 1 when an invariant
 * broke. `npm run sweep:faults`, with the environment: PHOTOSYNC_EVERY=1 (each call site with each trouble at its
 * first, second, middle and last time in each command; otherwise once in all), PHOTOSYNC_SEED, PHOTOSYNC_JOBS,
 * PHOTOSYNC_STAGES and PHOTOSYNC_SITES (parts of names, separated by commas), PHOTOSYNC_KEEP.
 */
import { makeBench, removeBench } from "./bench.js";
import { describeTarget, type Failed, failAt } from "./fault-point.js";
import { eachTroubleOnce, everyTarget } from "./fault-target.js";
import { inParallel, randomFrom } from "./seeded.js";
import { prepareStages } from "./stage.js";
import { staticSites } from "./static-sites.js";
import { UNREACHED } from "./unreached-sites.js";

const every = process.env["PHOTOSYNC_EVERY"] === "1";
const seed = Number(process.env["PHOTOSYNC_SEED"] ?? Date.now() % 1_000_000);
const jobs = Number(process.env["PHOTOSYNC_JOBS"] ?? 2);
const wanted = (process.env["PHOTOSYNC_STAGES"] ?? "").split(",");
const sites = (process.env["PHOTOSYNC_SITES"] ?? "").split(",");

console.error(`fault sweep: PHOTOSYNC_SEED=${seed} PHOTOSYNC_JOBS=${jobs}`);
const started = performance.now();
const bench = await makeBench(0);
const random = randomFrom(seed);
const seen = new Set<string>();
const all: Failed[] = [];
const rows: string[] = [];
const stages = await prepareStages(bench, (name) => wanted.some((part) => name.includes(part)));
for (const stage of stages) {
  const from = performance.now();
  const targets = (every ? everyTarget(stage) : eachTroubleOnce(stage, random, seen)).filter((target) =>
    sites.some((part) => target.site.includes(part)),
  );
  const results = await inParallel(targets, jobs, async (target, number) => {
    const failed = await failAt(bench, stage, target, `${stage.name.replaceAll(" ", "-")}-${number}`);
    for (const problem of failed.problems) console.error(`BROKEN ${describeTarget(failed)}: ${problem}`);
    if (number % 25 === 0) console.error(`${stage.name}: ${number} of ${targets.length}`);
    return failed;
  });
  all.push(...results);
  const reached = results.filter((result) => result.reached);
  const broken = results.filter(({ problems }) => problems.length > 0);
  const harmless = reached.filter((result) => result.harmless);
  const hit = new Set(reached.map(({ target }) => target.site));
  const seconds = Math.round((performance.now() - from) / 1000);
  rows.push(
    `| ${stage.name} | ${stage.operations.length} | ${reached.length} | ${hit.size} | ${harmless.length} | ${broken.length} | ${seconds} s |`,
  );
}
const reached = all.filter((result) => result.reached);
const hit = new Set(reached.map(({ target }) => target.site));
const broken = all.filter(({ problems }) => problems.length > 0).length;
console.log(`
| command | operations | failed in turn | call sites | of no consequence | broken | time |
|---|---|---|---|---|---|---|
${rows.join("\n")}
| all | | ${reached.length} | ${hit.size} | | ${broken} | ${Math.round((performance.now() - started) / 1000)} s |
`);
const known = staticSites();
const missed = [...known].filter(([site]) => !hit.has(site));
console.log(
  `Call sites in dist: ${known.size}; failed at least once: ${known.size - missed.length}; not failed:`,
);
for (const [site, line] of missed) {
  const [file = ""] = site.split(":");
  console.log(`- ${site} \`${line}\`: ${UNREACHED[file] ?? "not reached by these commands"}`);
}
console.log(`\nSeed ${seed}.`);
if (process.env["PHOTOSYNC_KEEP"] === undefined) await removeBench(bench);
else console.error(`kept: ${bench.home}`);
process.exitCode = broken === 0 ? 0 : 1;

/**
 * Measures photosync against what people use today, in one run, and prints a table: `npm run bench -- --help`. The full run
 * also writes it to `bench/results/latest.md`.
 */
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bench, Benchmark } from "./benchmark.js";
import { commit } from "./benchmarks/commit.js";
import { identity } from "./benchmarks/identity.js";
import { memory } from "./benchmarks/memory.js";
import { pipeline } from "./benchmarks/pipeline.js";
import { rescan } from "./benchmarks/rescan.js";
import { startup } from "./benchmarks/startup.js";
import { status } from "./benchmarks/status.js";
import { storesAgain, storesLarge, storesRestore, storesUpload, storesVerify } from "./benchmarks/stores.js";
import { takeout } from "./benchmarks/takeout.js";
import { verify } from "./benchmarks/verify.js";
import { describeLoad, describeMachine } from "./machine.js";
import { renderTable, type Section } from "./table.js";

const BENCHMARKS: readonly Benchmark[] = [
  startup,
  commit,
  status,
  rescan,
  pipeline,
  verify,
  takeout,
  identity,
  memory,
  storesUpload,
  storesLarge,
  storesAgain,
  storesVerify,
  storesRestore,
];

/** A name stands for itself and for all that begin with it: `stores` for `stores-upload` and its like. */
const isNamed = (name: string, { name: benchmark }: Benchmark): boolean =>
  benchmark === name || benchmark.startsWith(`${name}-`);

const LATEST = fileURLToPath(new URL("results/latest.md", import.meta.url));

const HELP = `npm run bench -- [NAME...] [--small] [--dir DIR] [--keep]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}

  --small    a hundredth of the size, once: shows that everything runs; its figures mean nothing
  --dir DIR  where the working files go (up to 35 GB); default: the system's folder for temporary files
  --keep     leave what was prepared in DIR for the next run
`;

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: "boolean", default: false },
    dir: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const SMOKE_SHARE = 0.01;
/** `PHOTOSYNC_BENCH_SCALE=0.05`: a twentieth of the sizes, for trying things. */
const SCALE = Number(process.env["PHOTOSYNC_BENCH_SCALE"] ?? 1);

/** Runs one benchmark in a folder of its own; what goes wrong in one does not stop the others. */
async function runOne(benchmark: Benchmark, base: string): Promise<Section> {
  const { name } = benchmark;
  const log = (text: string) => console.error(`[${name}] ${text}`);
  const dir = await mkdtemp(join(base, `${name}-`));
  const bench: Bench = {
    dir,
    size: (full) => Math.max(1, Math.round(full * (flags.small ? SMOKE_SHARE : SCALE))),
    rounds: (full) => (flags.small ? 1 : full),
    log,
    prepared: (folder, make) => prepare(join(base, flags.small ? `small-${folder}` : folder), make, log),
  };
  log("starting");
  try {
    return { name, rows: await benchmark.run(bench) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    log(`failed: ${problem}`);
    return { name, rows: [], problem };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function prepare(
  folder: string,
  make: (folder: string) => Promise<void>,
  log: (text: string) => void,
): Promise<string> {
  const done = `${folder}.done`;
  if (existsSync(done)) return folder;
  log(`preparing ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await make(folder);
  await writeFile(done, "");
  return folder;
}

async function removeUnneeded(base: string, done: Benchmark, toCome: readonly Benchmark[]): Promise<void> {
  const stillUsed = new Set(toCome.flatMap(({ uses }) => uses));
  for (const name of done.uses) {
    if (stillUsed.has(name)) continue;
    const folder = join(base, flags.small ? `small-${name}` : name);
    for (const path of [folder, `${folder}.done`]) await rm(path, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => isNamed(name, benchmark)));
  if (flags.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no benchmark ${unknown.join(", ")}.\n\n${HELP}` : HELP);
    process.exitCode = unknown.length > 0 ? 2 : 0;
    return;
  }
  const chosen = BENCHMARKS.filter((benchmark) =>
    names.length === 0 ? benchmark.isOnlyByName !== true : names.some((name) => isNamed(name, benchmark)),
  );
  const isOwnFolder = flags.dir === undefined;
  const base = isOwnFolder ? await mkdtemp(join(tmpdir(), "photosync-bench-")) : resolve(flags.dir ?? "");
  await mkdir(base, { recursive: true });
  process.once("SIGINT", () => {
    if (isOwnFolder && !flags.keep) rmSync(base, { recursive: true, force: true });
    process.exit(130);
  });
  const load = describeLoad();
  const sections: Section[] = [];
  for (const [at, benchmark] of chosen.entries()) {
    sections.push(await runOne(benchmark, base));
    if (!flags.keep) await removeUnneeded(base, benchmark, chosen.slice(at + 1));
  }
  const report = [
    "# photosync measured against what people use today",
    "",
    ...describeMachine(base).map((line) => `- ${line}`),
    `- ${load}`,
    `- command: npm run bench -- ${process.argv.slice(2).join(" ")}`.trimEnd(),
    `- measured: ${new Date().toISOString()}`,
    "- cache: warm unless a line says otherwise; `sync` before each measurement, so that none pays for another's writes",
    ...(SCALE === 1 ? [] : [`- SCALE: ${SCALE} of the sizes`]),
    ...(flags.small ? ["- SMALL: a hundredth of the size; these figures mean nothing"] : []),
    "",
    renderTable(sections),
  ].join("\n");
  console.log(report);
  if (!flags.small && SCALE === 1) {
    await mkdir(join(LATEST, ".."), { recursive: true });
    await writeFile(LATEST, report);
  }
  if (isOwnFolder && !flags.keep) await rm(base, { recursive: true, force: true });
  if (sections.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

await main();

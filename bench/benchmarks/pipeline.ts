import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import { bytesReadFrom } from "../bytes-read.js";
import {
  comparedRow,
  cpuSum,
  type Duration,
  hungriest,
  inMegabytes,
  inSeconds,
  mean,
  memoryRow,
} from "../figures.js";
import { folderBytes } from "../folder-bytes.js";
import { writeJpegs } from "../make-jpegs.js";
import { measure, settle, versionOf, warm } from "../measure.js";
import { intoLibrary, makeLibrary, type Phases } from "../program.js";

/** The folder of 10,000 JPEGs of about 1 MB that several benchmarks read. */
export const JPEGS = "jpegs";

/** Makes that folder, or finds it made. */
export const preparedJpegs = (bench: Bench): Promise<string> =>
  bench.prepared(JPEGS, (folder) => writeJpegs(folder, bench.size(10_000), 1_000_000));

/** From a folder of pictures to proven blobs, against a backup program and against the shell. */
export const pipeline: Benchmark = {
  name: "pipeline",
  about: "10,000 JPEGs of 1 MB into the local store, against restic, and cp + sha256sum + exiftool",
  uses: [JPEGS],
  async run(bench) {
    const sources = await preparedJpegs(bench);
    const ours: Phases[] = [];
    const restic: (Duration | null)[] = [];
    const shell: (Duration | null)[] = [];
    for (let round = 1; round <= bench.rounds(2); round += 1) {
      const turns = [
        async () => ours.push(await timedPhases(bench, sources)),
        async () => restic.push(await timedRestic(bench, sources)),
        async () => shell.push(await timedShell(bench, sources)),
      ];
      // The other way round every second time: whoever comes first finds the emptier disk cache.
      for (const turn of round % 2 === 1 ? turns : turns.toReversed()) await turn();
    }
    return [...rows(bench, ours, restic, shell), ...(await readOnce(bench))];
  },
};

async function timedPhases(bench: Bench, sources: string): Promise<Phases> {
  const library = join(bench.dir, "library");
  warm(sources);
  settle();
  bench.log("photosync");
  const phases = await intoLibrary(library, [sources]);
  await rm(library, { recursive: true, force: true });
  return phases;
}

/** Making the repository, which derives a key for a second, is left out of the time. */
async function timedRestic(bench: Bench, sources: string): Promise<Duration | null> {
  if (versionOf("restic", "version") === null) return null;
  const repository = join(bench.dir, "restic");
  const env = {
    RESTIC_REPOSITORY: repository,
    RESTIC_PASSWORD: "bench",
    RESTIC_CACHE_DIR: join(bench.dir, "restic-cache"),
  };
  await measure(["restic", "init", "--quiet"], { env });
  warm(sources);
  settle();
  bench.log("restic");
  const backup = await measure(["restic", "backup", "--quiet", sources], { env });
  for (const folder of [repository, env.RESTIC_CACHE_DIR]) await rm(folder, { recursive: true, force: true });
  return backup;
}

/** `cp` syncs nothing and none of the three proves the copy; nothing is added to make up for it. */
async function timedShell(bench: Bench, sources: string): Promise<Duration | null> {
  if (versionOf("exiftool", "-ver") === null || versionOf("sha256sum", "--version") === null) return null;
  const work = join(bench.dir, "shell");
  await mkdir(work);
  warm(sources);
  settle();
  bench.log("cp, sha256sum, exiftool");
  const copy = await measure(["cp", "-r", sources, join(work, "copy")]);
  const sums = await measure(["sh", "-c", 'find "$0" -type f -print0 | xargs -0 sha256sum', sources], {
    stdout: { file: join(work, "SHA256SUMS") },
  });
  const metadata = await measure(["exiftool", "-fast2", "-j", "-r", sources], {
    stdout: { file: join(work, "metadata.json") },
  });
  await rm(work, { recursive: true });
  const parts = [copy, sums, metadata];
  return { seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0), cpuSeconds: cpuSum(parts) };
}

function rows(
  bench: Bench,
  ours: readonly Phases[],
  restic: readonly (Duration | null)[],
  shell: readonly (Duration | null)[],
): Row[] {
  const count = bench.size(10_000).toLocaleString("en");
  const run = mean(ours);
  const each = (["discover", "resolve", "replicate"] as const)
    .map((phase) => `${phase} ${inSeconds(mean(ours.map((phases) => phases[phase])).seconds)}`)
    .join(", ");
  const what = `discover + resolve + replicate of ${count} JPEGs of 1 MB (mean of ${ours.length}; ${each})`;
  const known = (runs: readonly (Duration | null)[]) => {
    const made = runs.filter((each) => each !== null);
    return made.length === 0 ? null : mean(made);
  };
  return [
    comparedRow({
      what,
      ours: run,
      alternative: { name: "restic backup, without init", run: known(restic) },
      atMost: 1,
    }),
    comparedRow({
      what: "the same",
      ours: run,
      alternative: {
        name: "cp -r + sha256sum + exiftool -fast2 -j -r (cp syncs nothing)",
        run: known(shell),
      },
      atMost: 2,
    }),
    ...(["discover", "resolve", "replicate"] as const).map((phase) =>
      memoryRow(`peak memory of that ${phase}`, hungriest(ours.map((phases) => phases[phase])), 400),
    ),
  ];
}

/** A share of a hundredth above one is left for looking at the head of a file twice. */
const ONCE = 1.01;

/** Counts on a small collection what the three phases together read from it. */
async function readOnce(bench: Bench): Promise<Row[]> {
  const what = "bytes read from the sources by all three phases together, 200 JPEGs of 1 MB (strace)";
  const bar = "once";
  if (versionOf("strace", "--version") === null) {
    return [{ what, photosync: "-", alternative: "strace: not installed", ratio: "-", bar, isMet: null }];
  }
  bench.log("counting bytes read");
  const sources = join(bench.dir, "counted");
  const library = join(bench.dir, "counted-library");
  await writeJpegs(sources, 200, 1_000_000);
  await makeLibrary(library);
  const phases = [["discover", sources], ["resolve"], ["replicate", "--execute"]];
  let read = 0;
  for (const [at, args] of phases.entries()) {
    const traces = join(bench.dir, `trace-${at}`);
    read += await bytesReadFrom(sources, [...args, "--library", library, "--quiet"], traces);
  }
  const size = folderBytes(sources);
  return [
    {
      what,
      photosync: inMegabytes(read),
      alternative: `size of the sources: ${inMegabytes(size)}`,
      ratio: `${(read / size).toFixed(2)}x`,
      bar,
      isMet: read <= ONCE * size,
    },
  ];
}

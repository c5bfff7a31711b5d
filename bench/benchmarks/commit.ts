import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import {
  comparedRow,
  cpuSum,
  type Duration,
  durationRow,
  hungriest,
  inSeconds,
  medianRun,
  memoryRow,
} from "../figures.js";
import { writeDocumentStream } from "../make-documents.js";
import { type Measured, measure, settle } from "../measure.js";

const COMMIT_DOCUMENTS = fileURLToPath(new URL("../commit-documents.ts", import.meta.url));

/** New documents, and a hundred changed ones among them, against Git's own fast way in. */
export const commit: Benchmark = {
  name: "commit",
  about: "100,000 new documents and 100 changed ones, against git fast-import + git reset --hard",
  uses: [],
  async run(bench) {
    const many = bench.size(100_000);
    const few = bench.size(100);
    const fresh = join(bench.dir, "new.fast-import");
    bench.log(`writing ${many} documents`);
    await writeDocumentStream(fresh, counted(many, 1));
    const ours: Measured[] = [];
    const gits: Duration[] = [];
    const oursChanged: Duration[] = [];
    const gitsChanged: Duration[] = [];
    for (let round = 1; round <= bench.rounds(3); round += 1) {
      bench.log(`round ${round}`);
      const changed = join(bench.dir, `changed-${round}.fast-import`);
      await writeDocumentStream(changed, counted(few, Math.floor(many / few)), {
        edition: round,
        onTop: true,
      });
      const library = join(bench.dir, `library-${round}`);
      ours.push(await commitOurs(library, fresh));
      oursChanged.push(await commitOurs(library, changed));
      const repository = join(bench.dir, `git-${round}`);
      await mkdir(repository);
      await measure(["git", "init", "--quiet", "--initial-branch=main", repository]);
      gits.push(await commitWithGit(repository, fresh));
      gitsChanged.push(await commitWithGit(repository, changed));
      // They stay to the end: ext4 passes over inodes freed within the last minutes, one by one, and making files takes four times as long.
      await agree(library, repository);
    }
    return rows(bench, { ours, gits, oursChanged, gitsChanged });
  },
};

function* counted(count: number, step: number): Iterable<number> {
  for (let n = 0; n < count; n += 1) yield n * step;
}

/** The commit alone is timed, inside the process: a run of photosync pays for its start once, whatever it does. */
async function commitOurs(library: string, stream: string): Promise<Measured> {
  settle();
  const measured = await measure([process.execPath, ...process.execArgv, COMMIT_DOCUMENTS, library, stream], {
    stdout: "keep",
  });
  const printed: unknown = JSON.parse(measured.stdout);
  if (typeof printed !== "object" || printed === null || !("seconds" in printed && "cpuSeconds" in printed)) {
    throw new Error("commit-documents printed no seconds");
  }
  return { ...measured, seconds: Number(printed.seconds), cpuSeconds: Number(printed.cpuSeconds) };
}

async function commitWithGit(repository: string, stream: string): Promise<Duration> {
  settle();
  const cwd = repository;
  const imported = await measure(["git", "fast-import", "--quiet"], { cwd, stdin: stream });
  const reset = await measure(["git", "reset", "--quiet", "--hard", "main"], { cwd });
  return { seconds: imported.seconds + reset.seconds, cpuSeconds: cpuSum([imported, reset]) };
}

async function agree(library: string, repository: string): Promise<void> {
  const treeOf = async (cwd: string) =>
    (await measure(["git", "rev-parse", "HEAD^{tree}"], { cwd, stdout: "keep" })).stdout;
  if ((await treeOf(library)) !== (await treeOf(repository))) {
    throw new Error("photosync and git committed different trees");
  }
  const { stdout } = await measure(["git", "status", "--porcelain", "--untracked-files=no"], {
    cwd: library,
    stdout: "keep",
  });
  if (stdout !== "") throw new Error("photosync left a working tree that is not clean");
}

function rows(
  bench: Bench,
  all: {
    readonly ours: readonly Measured[];
    readonly gits: readonly Duration[];
    readonly oursChanged: readonly Duration[];
    readonly gitsChanged: readonly Duration[];
  },
): Row[] {
  const many = bench.size(100_000).toLocaleString("en");
  const few = bench.size(100);
  const peak = hungriest(all.ours);
  const changed = durationRow(`commit ${few} changed documents of ${many}`, medianRun(all.oursChanged), 1);
  return [
    comparedRow({
      what: `commit ${many} new documents of 3 KB with working tree and index (median of ${all.ours.length})`,
      ours: medianRun(all.ours),
      alternative: { name: "git fast-import + reset --hard", run: medianRun(all.gits) },
      atMost: 1,
    }),
    {
      ...changed,
      alternative: `git fast-import + reset --hard: ${inSeconds(medianRun(all.gitsChanged).seconds)}`,
    },
    memoryRow(`peak memory of the process that commits ${many} documents`, peak, 400),
  ];
}

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import { memoryRow, withCpu } from "../figures.js";
import { writeTakeout } from "../make-takeout.js";
import { writeVideo } from "../make-video.js";
import { settle } from "../measure.js";
import { intoLibrary } from "../program.js";

const LIMIT_MEGABYTES = 400;

/** Memory with one large thing at a time; that of 100,000 photos is measured by `rescan`. */
export const memory: Benchmark = {
  name: "memory",
  about: "peak memory of every phase with one zip of 10 GB and with a film of 4 GB",
  uses: [],
  async run(bench) {
    const archive = join(bench.dir, "archive");
    const film = join(bench.dir, "film");
    for (const folder of [archive, film]) await mkdir(folder);
    bench.log("writing a zip of 10 GB");
    await writeTakeout(archive, bench.size(2_500), 4_000_000, Number.POSITIVE_INFINITY);
    const zips = (await readdir(archive)).map((name) => join(archive, name));
    const rows = await peaks(bench, `one zip of ${bench.size(10_000) / 1000} GB`, zips);
    await rm(archive, { recursive: true });
    await writeVideo(join(film, "VID_20240714_201500.mov"), bench.size(4_000_000_000));
    return [...rows, ...(await peaks(bench, `a film of ${bench.size(4_000) / 1000} GB (a hole)`, [film]))];
  },
};

async function peaks(bench: Bench, what: string, sources: readonly string[]): Promise<Row[]> {
  const library = join(bench.dir, "library");
  settle();
  bench.log(what);
  const phases = await intoLibrary(library, sources);
  await rm(library, { recursive: true });
  return (["discover", "resolve", "replicate"] as const).map((phase) =>
    memoryRow(
      `peak memory of ${phase}, ${what} (takes ${withCpu(phases[phase].seconds, phases[phase].cpuSeconds)})`,
      phases[phase],
      LIMIT_MEGABYTES,
    ),
  );
}

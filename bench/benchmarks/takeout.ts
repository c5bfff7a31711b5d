import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, Benchmark } from "../benchmark.js";
import { inRate, inSeconds, mean, withCpu } from "../figures.js";
import { folderBytes } from "../folder-bytes.js";
import { writeTakeout } from "../make-takeout.js";
import { settle, warm } from "../measure.js";
import { intoLibrary, type Phases } from "../program.js";
import { JPEGS, preparedJpegs } from "./pipeline.js";

const TAKEOUT = "takeout";
const BAR = 1.3;

/** An export in zips, against a folder with the same pictures. */
export const takeout: Benchmark = {
  name: "takeout",
  about: "a Takeout of 10 GB in zips of 2 GB, per byte against the same pictures in a folder",
  uses: [JPEGS, TAKEOUT],
  async run(bench) {
    const jpegs = await preparedJpegs(bench);
    const parts = await bench.prepared(TAKEOUT, (folder) =>
      writeTakeout(folder, bench.size(10_000), 1_000_000, bench.size(2_000_000_000)),
    );
    const zips = (await readdir(parts)).sort().map((name) => join(parts, name));
    const folderRuns: Phases[] = [];
    const takeoutRuns: Phases[] = [];
    for (let round = 0; round < bench.rounds(2); round += 1) {
      folderRuns.push(await timed(bench, jpegs, [jpegs]));
      takeoutRuns.push(await timed(bench, parts, zips));
    }
    const { seconds: folder } = mean(folderRuns);
    const { seconds, cpuSeconds } = mean(takeoutRuns);
    const ratio = seconds / folderBytes(parts) / (folder / folderBytes(jpegs));
    return [
      {
        what: `discover + resolve + replicate of a Takeout, ${zips.length} zips with a sidecar for each of ${bench.size(10_000).toLocaleString("en")} JPEGs (mean of ${takeoutRuns.length}), per byte`,
        photosync: `${withCpu(seconds, cpuSeconds)}, ${inRate(folderBytes(parts), seconds)}`,
        alternative: `photosync on a folder of the same JPEGs: ${inSeconds(folder)}, ${inRate(folderBytes(jpegs), folder)}`,
        ratio: `${ratio.toFixed(2)}x`,
        bar: `≤ ${BAR}x`,
        isMet: ratio <= BAR,
      },
    ];
  },
};

async function timed(bench: Bench, read: string, sources: readonly string[]): Promise<Phases> {
  const library = join(bench.dir, "library");
  warm(read);
  settle();
  bench.log(`photosync on ${read}`);
  const phases = await intoLibrary(library, sources);
  await rm(library, { recursive: true, force: true });
  return phases;
}

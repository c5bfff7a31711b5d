import { join } from "node:path";
import type { Benchmark, Row } from "../benchmark.js";
import { comparedRow, hungriest, medianRun, memoryRow, withCpu } from "../figures.js";
import { writeJpegs } from "../make-jpegs.js";
import { type Measured, measure, settle } from "../measure.js";
import { intoLibrary, photosync } from "../program.js";

/** Small, so that what is measured is the work for each file and not for each byte. */
const MEAN_BYTES = 4_000;

/** A large folder: the memory of the first time, the time of looking again. */
export const rescan: Benchmark = {
  name: "rescan",
  about: "100,000 small files: peak memory of every phase; discover again, against find -printf",
  uses: [],
  async run(bench) {
    const count = bench.size(100_000);
    const files = count.toLocaleString("en");
    const sources = join(bench.dir, "sources");
    const library = join(bench.dir, "library");
    bench.log(`writing ${files} small JPEGs`);
    await writeJpegs(sources, count, MEAN_BYTES);
    settle();
    bench.log("discover, resolve and replicate for the first time");
    const first = await intoLibrary(library, [sources]);
    settle();
    const finds: Measured[] = [];
    const scans: Measured[] = [];
    for (let round = 0; round < bench.rounds(5); round += 1) {
      bench.log(`looking again, round ${round + 1}`);
      finds.push(await find(sources, join(bench.dir, "found")));
      scans.push(await photosync(library, ["discover", sources]));
    }
    const peak = hungriest(scans);
    const phases = (["discover", "resolve", "replicate"] as const).map((phase): Row => {
      const row = memoryRow(`peak memory of ${phase}, ${files} photos`, first[phase], 400);
      return {
        ...row,
        what: `${row.what} (takes ${withCpu(first[phase].seconds, first[phase].cpuSeconds)})`,
      };
    });
    return [
      comparedRow({
        what: `discover again, nothing changed, ${files} files (median of ${scans.length}, warm)`,
        ours: medianRun(scans),
        alternative: { name: "find -type f -printf '%s %T@\\n'", run: medianRun(finds) },
        atMost: 3,
        plusSeconds: 1,
      }),
      memoryRow(`peak memory of discover again, ${files} files`, peak, 400),
      ...phases,
    ];
  },
};

const find = (folder: string, file: string): Promise<Measured> =>
  measure(["find", folder, "-type", "f", "-printf", "%s %T@\\n"], { stdout: { file } });

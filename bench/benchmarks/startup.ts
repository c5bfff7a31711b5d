import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "../benchmark.js";
import { comparedRow, median } from "../figures.js";
import { cleanEnvironment } from "../measure.js";
import { makeLibrary, photosync, RUN_JS } from "../program.js";

const PICTURES = fileURLToPath(new URL("../../samples/pictures/", import.meta.url));

/** Odd, so that the median is one of the runs. */
const RUNS = 15;

/** What every command pays before it does anything, against Node itself. */
export const startup: Benchmark = {
  name: "startup",
  about: "photosync --version, and status on a small library, against node -e 0",
  uses: [],
  async run(bench) {
    const library = join(bench.dir, "library");
    await makeLibrary(library);
    await photosync(library, ["discover", PICTURES]);
    const commands = {
      node: ["-e", "0"],
      version: [RUN_JS, "--version"],
      status: [RUN_JS, "status", "--library", library],
    } as const;
    const seconds = { node: [] as number[], version: [] as number[], status: [] as number[] };
    for (const name of ["node", "version", "status"] as const) timed(commands[name]);
    for (let run = 0; run < RUNS; run += 1) {
      for (const name of ["node", "version", "status"] as const) {
        seconds[name].push(timed(commands[name]));
      }
    }
    // Too short for the processor time, which is counted in hundredths of a second.
    const middle = (name: keyof typeof seconds) => ({ seconds: median(seconds[name]), cpuSeconds: null });
    const alternative = { name: "node -e 0", run: middle("node") };
    return [
      comparedRow({
        what: `photosync --version (median of ${RUNS}, warm)`,
        ours: middle("version"),
        alternative,
        atMost: 4,
      }),
      comparedRow({
        what: `photosync status on a library of 4 photos (median of ${RUNS}, warm)`,
        ours: middle("status"),
        alternative,
        atMost: 6,
      }),
    ];
  },
};

function timed(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, {
    cwd: tmpdir(),
    env: cleanEnvironment(),
    stdio: "ignore",
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return seconds;
}

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import { inRate, inSeconds, median } from "../figures.js";
import { folderBytes } from "../folder-bytes.js";
import { measure, settle, versionOf, warm } from "../measure.js";
import { intoLibrary, photosync } from "../program.js";
import { JPEGS, preparedJpegs } from "./pipeline.js";

const HASH_FILES = fileURLToPath(new URL("../hash-files.ts", import.meta.url));
const BAR = 0.9;

/** Proving a store, against hashing the same files and doing nothing else. */
export const verify: Benchmark = {
  name: "verify",
  about: "verify --deep of 10,000 blobs of 1 MB, against a plain Node loop and sha256sum",
  uses: [JPEGS],
  async run(bench) {
    const library = join(bench.dir, "library");
    bench.log("filling a store");
    await intoLibrary(library, [await preparedJpegs(bench)]);
    const blobs = join(library, "blobs");
    const bytes = folderBytes(blobs);
    const times = { ours: [] as number[], node: [] as number[], sha256sum: [] as number[] };
    const hasSums = versionOf("sha256sum", "--version") !== null;
    warm(blobs);
    settle();
    for (let round = 0; round < bench.rounds(3); round += 1) {
      bench.log(`round ${round + 1}`);
      const printed = await photosync(library, ["verify", "--deep", "--json"], { stdout: "keep" });
      proveAllRead(printed.stdout, bench);
      times.ours.push(printed.seconds);
      times.node.push(await hashSeconds(blobs));
      if (hasSums) times.sha256sum.push((await sums(blobs)).seconds);
    }
    const row = (name: string, seconds: number): Row => {
      const rate = bytes / median(times.ours) / (bytes / seconds);
      return {
        what: `verify --deep of ${(bytes / 1e9).toFixed(1)} GB in a local store (median of ${times.ours.length}, warm)`,
        photosync: `${inSeconds(median(times.ours))}, ${inRate(bytes, median(times.ours))}`,
        alternative: `${name}: ${inSeconds(seconds)}, ${inRate(bytes, seconds)}`,
        ratio: `${(100 * rate).toFixed(0)} % of the rate`,
        bar: `≥ ${100 * BAR} %`,
        isMet: rate >= BAR,
      };
    };
    return [
      row("Node: createHash over 1 MiB reads, one thread", median(times.node)),
      ...(hasSums ? [row("sha256sum, one process", median(times.sha256sum))] : []),
    ];
  },
};

async function hashSeconds(folder: string): Promise<number> {
  const command = [process.execPath, ...process.execArgv, HASH_FILES, folder] as const;
  const printed: unknown = JSON.parse((await measure([...command], { stdout: "keep" })).stdout);
  if (typeof printed !== "object" || printed === null || !("seconds" in printed)) {
    throw new Error("hash-files printed no seconds");
  }
  return Number(printed.seconds);
}

const sums = (folder: string) =>
  measure(["sh", "-c", 'find "$0" -type f -print0 | xargs -0 sha256sum', folder]);

/** A quick verify would be worthless if it had not looked. */
function proveAllRead(json: string, bench: Bench): void {
  const result: unknown = JSON.parse(json);
  const counts = typeof result === "object" && result !== null && "counts" in result ? result.counts : null;
  const ok = typeof counts === "object" && counts !== null && "ok" in counts ? counts.ok : null;
  if (ok !== bench.size(10_000)) throw new Error(`verify found ${ok} blobs in order`);
}

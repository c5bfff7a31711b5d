import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import { cpuSum, type Duration, withCpu } from "../figures.js";
import { writeDocumentStream } from "../make-documents.js";
import { writeTwins } from "../make-twins.js";
import { measure, settle } from "../measure.js";
import { makeLibrary, photosync } from "../program.js";

const TWINS = "twins";
const COMMIT_DOCUMENTS = fileURLToPath(new URL("../commit-documents.ts", import.meta.url));

interface Scan {
  readonly discover: Duration;
  readonly resolve: Duration;
}

async function scan(library: string, sources: readonly string[]): Promise<Scan> {
  await makeLibrary(library);
  settle();
  const discover = await photosync(library, ["discover", ...sources]);
  return { discover, resolve: await photosync(library, ["resolve"]) };
}

const together = ({ discover, resolve }: Scan): Duration => ({
  seconds: discover.seconds + resolve.seconds,
  cpuSeconds: cpuSum([discover, resolve]),
});

/** By processor time: decoding goes on in threads beside. No bar is set for it. */
function compared(what: string, ours: Duration, name: string, other: Duration): Row {
  const ratio =
    ours.cpuSeconds === null || other.cpuSeconds === null
      ? "-"
      : `${(ours.cpuSeconds / other.cpuSeconds).toFixed(2)}x CPU`;
  return {
    what,
    photosync: withCpu(ours.seconds, ours.cpuSeconds),
    alternative: `${name}: ${withCpu(other.seconds, other.cpuSeconds)}`,
    ratio,
    bar: "-",
    isMet: null,
  };
}

/** Every photo of the second source is one of the first's against none of them giving a reason to be looked at. */
async function twins(bench: Bench): Promise<Row[]> {
  const pairs = bench.size(60);
  const folder = await bench.prepared(TWINS, (made) => writeTwins(made, pairs));
  const [camera, copies, strangers] = ["camera", "copies", "strangers"].map((part) => join(folder, part));
  if (camera === undefined || copies === undefined || strangers === undefined) throw new Error("no twins");
  bench.log(`${pairs} photos and as many copies, which are compared`);
  const on = await scan(join(bench.dir, "on"), [camera, copies]);
  bench.log("the same copies without names and times, which are not");
  const off = await scan(join(bench.dir, "off"), [camera, strangers]);
  const photos = (2 * pairs).toLocaleString("en");
  const nobody = "with no reason to look at any of them";
  return [
    compared(
      `discover + resolve of ${photos} photos, half of them copies that are looked at and joined`,
      together(on),
      nobody,
      together(off),
    ),
    compared("that resolve", on.resolve, nobody, off.resolve),
  ];
}

async function resolvingNew(bench: Bench, known: number, fresh: number): Promise<Duration> {
  const library = join(bench.dir, `library-${known}`);
  await makeLibrary(library);
  const commit = async (name: string, from: number, to: number, state: "replicated" | "discovered") => {
    const stream = join(bench.dir, `${name}-${known}.fast-import`);
    const numbers = Array.from({ length: to - from }, (_, n) => from + n);
    await writeDocumentStream(stream, numbers.values(), { state });
    await measure([process.execPath, ...process.execArgv, COMMIT_DOCUMENTS, library, stream]);
  };
  await commit("known", 0, known, "replicated");
  await photosync(library, ["status"]);
  await commit("fresh", known, known + fresh, "discovered");
  await photosync(library, ["status"]);
  settle();
  return photosync(library, ["resolve"]);
}

/** What telling pictures apart costs a scan. */
export const identity: Benchmark = {
  name: "identity",
  about: "the same pictures in two sources: what finding that out costs; 100 new photos among 100,000",
  uses: [TWINS],
  async run(bench) {
    const rows = await twins(bench);
    const [many, few, fresh] = [bench.size(100_000), bench.size(1_000), bench.size(100)];
    bench.log(`${fresh} new photos among ${few}, and among ${many}`);
    const amongFew = await resolvingNew(bench, few, fresh);
    const amongMany = await resolvingNew(bench, many, fresh);
    const what = `resolve of ${fresh} new photos among ${many.toLocaleString("en")} that are resolved`;
    return [...rows, compared(what, amongMany, `among ${few.toLocaleString("en")}`, amongFew)];
  },
};

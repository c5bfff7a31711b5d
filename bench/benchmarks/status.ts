import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "../benchmark.js";
import { durationRow, hungriest, medianRun, memoryRow } from "../figures.js";
import { writeDocumentStream } from "../make-documents.js";
import { type Measured, measure, settle } from "../measure.js";
import { makeLibrary, photosync } from "../program.js";

const COMMIT_DOCUMENTS = fileURLToPath(new URL("../commit-documents.ts", import.meta.url));

const QUESTIONS = [
  { what: "status", args: ["status"] },
  {
    what: "list of one camera's photos of one summer",
    args: ["list", "--camera", "DSLR 70", "--from", "2015-06", "--to", "2015-08"],
  },
  { what: "list --tag, a tenth of all", args: ["list", "--tag", "year 2014", "--json"] },
] as const;

/** What a person asks of a large library day by day. */
export const status: Benchmark = {
  name: "status",
  about: "status and filtered list on 100,000 photos: seconds and peak memory",
  uses: [],
  async run(bench) {
    const many = bench.size(100_000);
    const library = join(bench.dir, "library");
    const stream = join(bench.dir, "documents.fast-import");
    bench.log(`making a library of ${many} photos`);
    await writeDocumentStream(stream, Array.from({ length: many }, (_, n) => n).values());
    await makeLibrary(library);
    await measure([process.execPath, ...process.execArgv, COMMIT_DOCUMENTS, library, stream]);
    settle();
    bench.log("first status, which builds the local index");
    const first = await photosync(library, ["status"]);
    const photos = many.toLocaleString("en");
    const rows = [
      {
        ...durationRow(`first status after a clone of ${photos} photos: the index is built`, first, 0),
        bar: "-",
        isMet: null,
      },
      memoryRow("peak memory of that first status", first, 400),
    ];
    for (const { what, args } of QUESTIONS) {
      const runs: Measured[] = [];
      for (let round = 0; round < bench.rounds(5); round += 1) runs.push(await photosync(library, args));
      const peak = hungriest(runs);
      rows.push(
        durationRow(`${what}, ${photos} photos (median of ${runs.length}, warm)`, medianRun(runs), 1),
      );
      rows.push(memoryRow(`peak memory of ${what}`, peak, 300));
    }
    return rows;
  },
};

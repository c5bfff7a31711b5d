import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { SharpPictures } from "../../src/infra/media/sharp-pictures.js";
import { measure } from "./measure.js";
import { renditionsOf } from "./real-pictures.js";
import { paintScenarios } from "./scenarios.js";
import { tableOf } from "./table.js";
import { outcomeTable, throughProgram } from "./whole-program.js";

// Identity over pictures of which the truth is known: `npm run identity -- [--seed N] [--scale X] [--verbose] [--cli] [FOLDER]`.
// `--cli` has the built program discover and resolve them from three sources, and reads its documents.
// Without a folder the pictures are painted; with one, its pictures are re-encoded at quality 60 to 95 and 1024 to 2048
// pixels, each copy held against its original, and "held out" marks those that no limit was set by. Exit 1 where anything was joined that is not one picture.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    scale: { type: "string", default: "1" },
    cli: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const dir = await mkdtemp(path.join(tmpdir(), "photosync-identity-"));
try {
  const [folder] = positionals;
  const seed = Number(values.seed);
  const pictures =
    folder === undefined
      ? await paintScenarios(dir, seed, Number(values.scale))
      : await renditionsOf(folder, dir, seed);
  if (values.cli) {
    const outcome = await throughProgram(pictures, dir);
    console.log(outcomeTable(outcome));
    for (const told of outcome.wrong) console.log(`WRONG ${told}`);
    process.exitCode = outcome.wrong.length + outcome.lost > 0 ? 1 : 0;
  } else {
    const started = performance.now();
    const measured = await measure(pictures, new SharpPictures());
    console.log(tableOf(measured, performance.now() - started));
    for (const told of measured.wrong) console.log(`WRONG ${told}`);
    if (values.verbose) for (const told of measured.missed) console.log(`not joined: ${told}`);
    process.exitCode = measured.wrong.length > 0 ? 1 : 0;
  }
} finally {
  await rm(dir, { recursive: true });
}

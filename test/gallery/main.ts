import { totalmem } from "node:os";
import { setup } from "../cli/build-once.js";
import { ALL_CASES } from "./cases/all-cases.js";
import { type Row, runCase } from "./run-case.js";
import { TABLE_HEAD, tableLine } from "./table.js";
import { makeTemplates } from "./templates.js";

/**
 * Words after `--`: `--heavy` for the cases of gigabytes too, `--built` to try the program as it was built last; anything
 * else picks cases whose name holds it.
 */
const words = process.argv.slice(2);
const isHeavy = words.includes("--heavy");
const wanted = words.filter((word) => !word.startsWith("--"));
const cases = ALL_CASES.filter(
  ({ name, isHeavy: costly }) =>
    (costly !== true || isHeavy) && (wanted.length === 0 || wanted.some((word) => name.includes(word))),
);

if (!words.includes("--built")) setup();
const templates = await makeTemplates();
const rows: Row[] = [];
console.log(TABLE_HEAD);
try {
  for (const one of cases) {
    for (const row of await runCase(one, templates)) {
      rows.push(row);
      console.log(tableLine(row));
    }
  }
} finally {
  await templates.remove();
}
const broken = rows.filter((row) => row.broken.length > 0).length;
const skipped = rows.filter((row) => row.skipped !== undefined).length;
const slowest = Math.max(...rows.map(({ seconds }) => seconds ?? 0));
const largest = Math.max(...rows.map(({ peakMb }) => peakMb ?? 0));
console.log(
  `\n${cases.length} cases, ${rows.length - skipped} runs, ${broken} broken, ${skipped} not possible here; longest run ${slowest.toFixed(1)} s, ` +
    `largest ${largest.toFixed(0)} MB. Node ${process.version}, ${process.platform}, ${Math.round(totalmem() / 2 ** 30)} GB.`,
);
process.exitCode = broken === 0 ? 0 : 1;

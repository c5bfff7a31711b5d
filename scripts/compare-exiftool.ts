/**
 * Compares photosync's own reader with exiftool, file by file: date, zone, camera, place, caption.
 * `npx tsx scripts/compare-exiftool.ts FOLDER` needs exiftool on the PATH and prints a Markdown table with every
 * difference and the rule that explains it. Exit code 1 when a difference has no explanation.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { Facts } from "../src/domain/photo.js";
import { bufferReader } from "../src/infra/media/byte-reader.js";
import { readMedia } from "../src/infra/media/read-media.js";
import { readXmpSidecar } from "../src/infra/media/read-xmp.js";
import { explain } from "./exiftool-explanations.js";
import { type ExiftoolFields, type ExiftoolRecord, fieldsOfExiftool } from "./exiftool-fields.js";

const FIELDS = ["type", "date", "zone", "camera", "place", "caption"] as const;
type Field = (typeof FIELDS)[number];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

async function ours(path: string): Promise<{ facts: Facts; type: string; warnings: readonly string[] }> {
  const bytes = readFileSync(path);
  if (extname(path).toLowerCase() === ".xmp") {
    try {
      const { facts } = readXmpSidecar(bytes);
      return { facts, type: "xmp", warnings: facts.warnings ?? [] };
    } catch (error) {
      return { facts: {}, type: "invalid", warnings: [String(error)] };
    }
  }
  const reading = await readMedia(bufferReader(bytes), path);
  return { facts: reading.facts, type: reading.type?.extension ?? "other", warnings: reading.warnings };
}

function fieldsOfFacts(facts: Facts, type: string): ExiftoolFields {
  const date = facts.taken_date ?? "";
  const { make = "", model = "" } = facts.camera_info ?? {};
  const place = facts.location;
  return {
    type,
    date: date.slice(0, 19),
    zone: /(Z|[+-]\d\d:\d\d)$/.exec(date)?.[1] ?? "",
    camera: [make, model].filter((part) => part !== "").join(" / "),
    place: place === undefined ? "" : `${place.lat.toFixed(4)} ${place.lng.toFixed(4)}`,
    caption: facts.caption ?? "",
  };
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/g, " ").slice(0, 60) || "–";

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("Name the folder to compare: npx tsx scripts/compare-exiftool.ts FOLDER");

const output = execFileSync("exiftool", ["-j", "-G1", "-a", "-n", "-r", "-all", folder], {
  maxBuffer: 512 * 1024 * 1024,
  stdio: ["ignore", "pipe", "ignore"],
});
const parsed: unknown = JSON.parse(output.toString("utf8"));
const records = new Map<string, ExiftoolRecord>();
for (const record of Array.isArray(parsed) ? (parsed as ExiftoolRecord[]) : [])
  records.set(String(record["SourceFile"]), record);

const count = { files: 0, equal: 0, explained: 0, unexplained: 0 };
const reasons = new Map<string, number>();
console.log("| file | field | photosync | exiftool | verdict |\n|---|---|---|---|---|");
for (const path of filesUnder(folder).sort()) {
  count.files++;
  const record = records.get(path) ?? {};
  const reading = await ours(path);
  const left = fieldsOfFacts(reading.facts, reading.type);
  const right = fieldsOfExiftool(record);
  for (const field of FIELDS) {
    const isEqual = left[field as Field] === right[field];
    const reason = isEqual ? "equal" : explain(field, left, right, record, reading.facts);
    if (isEqual) count.equal++;
    else if (reason === null) count.unexplained++;
    else {
      count.explained++;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (isEqual && left[field] === "") continue;
    const verdict = isEqual ? "equal" : (reason ?? "**UNEXPLAINED**");
    console.log(
      `| ${relative(folder, path)} | ${field} | ${cell(left[field])} | ${cell(right[field])} | ${verdict} |`,
    );
  }
}
console.log(
  `\n${count.files} files, ${count.files * FIELDS.length} fields: ${count.equal} equal (fields that both leave empty are not listed), ${count.explained} explained differences, ${count.unexplained} unexplained.\n`,
);
for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`- ${times} × ${reason}`);
process.exitCode = count.unexplained === 0 ? 0 : 1;

/**
 * Hashes every file of a folder with SHA-256, one after the other in reads of 1 MiB, and does nothing else: the most that one
 * thread of Node can do. Prints the seconds without those of its own start: `tsx bench/hash-files.ts FOLDER`.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("give a folder");

const buffer = Buffer.allocUnsafe(2 ** 20);
const started = performance.now();
for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
  if (!entry.isFile()) continue;
  const hash = createHash("sha256");
  const file = openSync(join(entry.parentPath, entry.name), "r");
  for (;;) {
    const read = readSync(file, buffer, 0, buffer.length, null);
    if (read === 0) break;
    hash.update(buffer.subarray(0, read));
  }
  closeSync(file);
  hash.digest();
}
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));

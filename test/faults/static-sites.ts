import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

/** `import { open, rename as move } from "node:fs/promises"`, over several lines too. */
const IMPORT = /import (?:(\{[^}]*\})|\* as (\w+)) from "node:fs(?:\/promises)?";/g;
/** What open files and the local store's disk are called in `src/`. */
const HANDLE =
  /\b(?:handle|file|opened)\??\.(?:read|write|writeFile|readFile|sync|close|chmod|stat|truncate)\(/;
const DISK = /\bdisk\s*\.(?:link|lstat|mkdir|open|readdir|readFile|rename|rm|stat)\(/;

/** Our own function that goes on writing until all is written: a call site is who calls it. */
const WRITES = /\bwriteFully\(/;

/** Not operations on the disk, whatever they are called. */
const NOT_CALLS = new Set(["constants"]);

/** Each line of `dist/` that calls the file system, as `control/head.js:12`: found by names, with no look at what runs. */
export function staticSites(): ReadonlyMap<string, string> {
  const sites = new Map<string, string>();
  for (const name of readdirSync(DIST, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const text = readFileSync(join(DIST, name), "utf8");
    const names: string[] = [];
    for (const [, braces, namespace] of text.matchAll(IMPORT)) {
      if (namespace !== undefined) names.push(`${namespace}\\.\\w+`);
      for (const part of braces?.slice(1, -1).split(",") ?? []) {
        const local = part.trim().split(" as ").at(-1) ?? "";
        if (local !== "" && !NOT_CALLS.has(local)) names.push(local);
      }
    }
    const imported =
      names.length === 0 ? null : new RegExp(`(?<![.\\w])(?:${names.join("|")})(?:\\.native)?\\(`);
    for (const [number, line] of text.split("\n").entries()) {
      if (/^\s*(?:\*|\/\/|import |(?:export )?(?:async )?function )/.test(line)) continue;
      if (imported?.test(line) === true || HANDLE.test(line) || DISK.test(line) || WRITES.test(line)) {
        sites.set(`${name}:${number + 1}`, line.trim());
      }
    }
  }
  return sites;
}

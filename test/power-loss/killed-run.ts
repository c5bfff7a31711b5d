import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { imageOf } from "./image.js";
import { diskAfter } from "./model.js";
import { namesBelow } from "./program.js";
import { readLog } from "./scenario.js";
import { Trace } from "./trace.js";

/** A run that was recorded to its end, and when it shall have been killed. */
export interface KilledRun {
  readonly world: string;
  /** A copy of the world from before the run. */
  readonly base: string;
  readonly log: string;
  /** It was killed right after the last file had got a name like this; absolute paths. */
  readonly killedAfter: RegExp;
}

/** Makes the world as it was when the run was killed, and cuts the log off there. A kill loses nothing that was written. */
export function returnToKill({ world, base, log, killedAfter }: KilledRun): void {
  const isIndex = (path: string) => path.startsWith(join("library", ".photosync", "index"));
  const options = { skip: isIndex, rewrite: (bytes: Buffer) => bytes };
  const lines = readLog(log);
  const last = lines.findLastIndex(
    ({ kind, path, to }) => ["rename", "link"].includes(kind) && killedAfter.test(to ?? path),
  );
  if (last < 0) throw new Error(`nothing in ${log} got a name like ${killedAfter}`);
  const trace = new Trace(world, imageOf(base, options), options);
  trace.takeRun(lines.slice(0, last + 1));
  const { operations } = trace;
  const everything = { cut: operations.length, lostNames: new Set<number>(), fates: new Map() };
  rmSync(world, { recursive: true, force: true });
  cpSync(base, world, { recursive: true, preserveTimestamps: true });
  const found = diskAfter(trace.base, operations, everything);
  const left = new Set(found.map(({ path }) => path));
  for (const name of namesBelow(world)) if (!left.has(name) && !isIndex(name)) rmSync(join(world, name));
  for (const { path, bytes, changedAt } of found) {
    const target = join(world, path);
    if (bytes === null) mkdirSync(target, { recursive: true });
    else if (changedAt >= 0) writeFileSync(target, bytes);
  }
  const kept = readFileSync(log, "utf8")
    .split("\n")
    .slice(0, last + 1);
  writeFileSync(log, `${kept.join("\n")}\n`);
}

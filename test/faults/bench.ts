import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourcesPrint } from "./fault-point.js";
import { type OddSources, writeOddSources } from "./odd-sources.js";
import { compilePreload } from "./preload.js";
import { writeSources } from "./sources.js";
import type { Bench } from "./stage.js";

const MEMORY_DISK = "/dev/shm";

/** A kill loses nothing that was handed to the system, synced or not: where memory serves as a disk, it is quicker. */
const base = (): string => (existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir());

/** Makes a place for a sweep, with sources that hold `more` plain pictures beside the special ones. */
export async function makeBench(more: number): Promise<Bench> {
  const home = await realpath(await mkdtemp(join(base(), "photosync-sweep-")));
  const sources = await writeSources(home, more);
  return { home, sources, sourcesPrint: await sourcesPrint({ home }), preload: compilePreload() };
}

/** The same, with sources for the variants beside. */
export async function makeOddBench(): Promise<{ readonly bench: Bench; readonly odd: OddSources }> {
  const bench = await makeBench(0);
  const odd = await writeOddSources(bench.home);
  return { bench: { ...bench, sourcesPrint: await sourcesPrint(bench) }, odd };
}

/** Removes all that a sweep made. */
export async function removeBench({ home, preload }: Bench): Promise<void> {
  await rm(home, { recursive: true, force: true });
  await rm(preload, { recursive: true, force: true });
}

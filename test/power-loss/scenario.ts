import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoggedOperation } from "../faults/preload/settings.mjs";
import { imageOf } from "./image.js";
import { Trace } from "./trace.js";

/** Below the world's folder: the library, and the second store's disk. */
export const LIBRARY = "library";
export const INDEX_FILE = join(LIBRARY, ".photosync", "index", "index.lmdb");

/** Contents of a store by name, as SHA-256 in hex. */
export type Blobs = Readonly<Record<string, string>>;

/** One run of the program within a scenario, and what was true when it had reported that it was done. */
export interface Step {
  readonly args: readonly string[];
  readonly head: string;
  readonly tree: string;
  readonly blobs: Blobs;
}

/** What the recorder leaves beside the base folder and the logs. */
export interface Recorded {
  readonly name: string;
  /** Absolute path of the world while it was recorded: the logs name it. */
  readonly world: string;
  /** Null before there is a library. */
  readonly baseHead: string | null;
  readonly boot: string;
  readonly steps: readonly Step[];
  /** What the stores held before the first step. */
  readonly baseBlobs: Blobs;
  /** Those of `baseBlobs` that were damaged on purpose, as SHA-256 in hex. */
  readonly damaged: readonly string[];
}

/** Of a run that was killed before the first step, the part of its log until then. */
export const KILLED_LOG = "killed.jsonl";

/** Recorded runs of the program as operations on a disk. */
export interface Scenario extends Recorded {
  readonly trace: Trace;
  /** For each step, how many operations had been made when it reported that it was done. */
  readonly doneAt: readonly number[];
  /** LMDB writes by itself, unseen: its file before the first step, and after each. Null where there was none. */
  readonly indexes: readonly (Buffer | null)[];
}

/** Another boot than the one of the recording, of the same length: what a machine says of itself after a power cut. */
const EARLIER_BOOT = "00000000-dead-4000-8000-000000000000";

/** A scenario as `record` left it in a folder. */
export function loadScenario(folder: string): Scenario {
  const recorded: Recorded = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8"));
  const options = {
    skip: (path: string) => path.startsWith(join(LIBRARY, ".photosync", "index")),
    rewrite: (bytes: Buffer) => withOtherBoot(bytes, recorded.boot),
  };
  const trace = new Trace(recorded.world, imageOf(join(folder, "base"), options), options);
  const doneAt: number[] = [];
  const killed = join(folder, KILLED_LOG);
  if (existsSync(killed)) trace.takeRun(readLog(killed));
  for (const step of recorded.steps.keys()) {
    trace.takeRun(readLog(join(folder, `log-${step}.jsonl`)));
    doneAt.push(trace.operations.length);
  }
  const indexes = [-1, ...recorded.steps.keys()].map((step) =>
    readOrNull(step < 0 ? join(folder, "base", INDEX_FILE) : join(folder, `index-${step}`)),
  );
  return { ...recorded, trace, doneAt, indexes };
}

/** The log of a run. */
export const readLog = (path: string): readonly LoggedOperation[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): LoggedOperation => JSON.parse(line));

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

function withOtherBoot(bytes: Buffer, boot: string): Buffer {
  if (boot.length !== EARLIER_BOOT.length || !bytes.includes(boot)) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll(boot, EARLIER_BOOT), "latin1");
}

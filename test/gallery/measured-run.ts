import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProgramRun } from "./gallery-case.js";
import type { World } from "./world.js";

const RUN_JS = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const POLL_MS = 10;

/** How a run of the program ended, and what it cost. */
export interface Measured {
  /** Null when a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Of processor time, which other work on the computer does not lengthen; null where the system does not tell. */
  readonly cpuSeconds: number | null;
  /** The most memory it held at once; null where the system does not tell. */
  readonly peakMb: number | null;
}

function environmentOf(run: ProgramRun, world: World): Record<string, string> {
  const environment: Record<string, string | null> = {
    PATH: process.env["PATH"] ?? "",
    HOME: world.home,
    TMPDIR: world.temporary,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
    NODE_OPTIONS: run.smallHeap === false ? null : "--max-old-space-size=512",
    ...run.environment,
  };
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

/** Processor time in user and system mode, in hundredths of a second (proc(5): fields 14 and 15, after the name in brackets). */
function cpuSecondsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

/** `VmHWM` is the peak since the start, so the last look before the end is exact but for its last moments. */
function peakMbOf(pid: number): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line === null ? null : Number(line[1]) / 1024;
  } catch {
    return null;
  }
}

/** The command line of a run in a world. */
export const argumentsOf = (run: ProgramRun, world: World): readonly string[] => [
  ...run.args.map((word) => word.replace("{in}", world.inputs).replace("{library}", world.library)),
  ...(run.args.some((word) => word === "--library" || word === "--version") || run.args[0] === "init"
    ? []
    : ["--library", world.library]),
  ...(run.asText === true ? [] : ["--json"]),
];

/** Runs the real program as a case tells; kills it after `limitMs`. */
export async function measuredRun(run: ProgramRun, world: World, limitMs: number): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, [RUN_JS, ...argumentsOf(run, world)], {
    cwd: world.home,
    env: environmentOf(run, world),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const told = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name].setEncoding("utf8");
    if (run[name] === "reader-leaves") stream.destroy();
    else
      stream.on("data", (text: string) => {
        told[name] += text;
      });
  }
  let peakMb: number | null = null;
  let cpuSeconds: number | null = null;
  const poll = setInterval(() => {
    cpuSeconds = cpuSecondsOf(child.pid ?? 0) ?? cpuSeconds;
    peakMb = peakMbOf(child.pid ?? 0) ?? peakMb;
  }, POLL_MS);
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    const [exit] = await Promise.all([ended, run.meanwhile?.(child, world)]);
    return { exit, ...told, seconds: (performance.now() - started) / 1000, cpuSeconds, peakMb };
  } finally {
    clearInterval(poll);
    clearTimeout(limit);
    if (child.exitCode === null) child.kill("SIGKILL");
  }
}

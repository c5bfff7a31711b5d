import { spawn } from "node:child_process";
import { PhotosyncError } from "../domain/errors.js";
import type { DemoResult } from "../operations/results.js";
import { environment } from "./environment.js";
import { exitCodeOf } from "./exit-codes.js";

/** What a demo runs, on what, and where it shows it. */
export interface DemoSettings {
  /** Absolute path of `bin/run.js`. */
  readonly program: string;
  readonly library: string;
  /** Folders and archives to discover. */
  readonly paths: readonly string[];
  /** Arguments for every step, such as `--no-color`. */
  readonly everywhere: readonly string[];
  /** Where the steps' own results go; `null` keeps stdout free for `--json`. */
  readonly stdout: NodeJS.WritableStream | null;
  /** What the steps find in their environment beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Exit codes after which the next phase still makes sense: done, done in part, a person must decide. */
const GOES_ON = new Set([0, exitCodeOf("partial"), exitCodeOf("conflict")]);

const stepsOf = ({ paths }: DemoSettings): readonly (readonly string[])[] => [
  ["init"],
  ["discover", ...paths],
  ["resolve"],
  ["replicate", "--dry-run"],
  ["replicate", "--execute"],
  ["verify", "--deep"],
  ["status"],
];

const shown = (word: string): string =>
  /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function runStep(words: readonly string[], settings: DemoSettings): Promise<number> {
  const args = [settings.program, ...words, "--library", settings.library, ...settings.everywhere];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", settings.stdout === null ? 2 : 1, 2],
      env: { ...environment(), ...settings.environment },
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? exitCodeOf("cancelled")));
  });
}

/**
 * Shows a command line and runs it, as a process of its own. Throws `demo.step-failed` when it ends in a way that leaves nothing for
 * the next.
 */
export async function runCommand(
  words: readonly string[],
  settings: DemoSettings,
): Promise<DemoResult["steps"][number]> {
  const command = ["photosync", ...words].map(shown).join(" ");
  settings.stdout?.write(`\n$ ${command}\n`);
  const exit = await runStep(words, settings);
  if (GOES_ON.has(exit)) return { command, exit };
  throw new PhotosyncError({
    kind: "partial",
    code: "demo.step-failed",
    message: `${command} ended with exit code ${exit}.`,
    next: [`The library is in ${settings.library}; see what the step said above.`],
  });
}

/** What a demo came to: in part where a step was. */
export function demoResult(library: string, steps: DemoResult["steps"]): DemoResult {
  const inPart = steps.some(({ exit }) => exit === exitCodeOf("partial"));
  return {
    library,
    dry_run: false,
    commit: null,
    counts: { steps: steps.length },
    failures: [],
    outcome: inPart ? "partial" : "done",
    steps,
  };
}

/**
 * Runs the main job as a person would type it, each step a process of its own, and shows each command line before it. Throws
 * `demo.step-failed` when a step ends in a way that leaves nothing for the next.
 */
export async function runDemo(settings: DemoSettings): Promise<DemoResult> {
  const steps: DemoResult["steps"][number][] = [];
  for (const words of stepsOf(settings)) steps.push(await runCommand(words, settings));
  return demoResult(settings.library, steps);
}

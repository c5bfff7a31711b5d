import type { Library } from "../app.js";
import { clockFrom } from "../infra/clock.js";
import { systemTime } from "../infra/http/time.js";
import type { OperationResult } from "../operations/results.js";
import type { Run } from "../ports/phase.js";
import { environment } from "./environment.js";
import { exitCodeOf } from "./exit-codes.js";
import { findLibrary } from "./find-library.js";
import type { GlobalFlags } from "./global-flags.js";
import { onInterrupt } from "./interrupt.js";
import { jsonPieces, resultObject } from "./json-result.js";
import { print } from "./print.js";
import { progressFor } from "./progress-for.js";
import { renderFailures } from "./render/failure-text.js";
import type { View } from "./render/view.js";
import type { Streams } from "./report-failure.js";
import { isLive, viewFor } from "./terminal.js";

const STOPPED =
  "Stopped before the end; what was finished is kept. Run the same command again to continue.\n";

/** What a run draws on while it is at work. */
export interface Screen {
  /** Takes away what is drawn, for somebody else to draw; progress that is told later is drawn anew. */
  clear(): void;
}

/** What a command asks to be done, and how its result reads. */
export interface Job<R extends OperationResult> {
  readonly flags: GlobalFlags;
  readonly dryRun: boolean;
  operate(run: Run, screen: Screen): Promise<R>;
  render(result: R, view: View): string;
}

/** A job on a library that exists. */
export interface LibraryJob<R extends OperationResult> extends Omit<Job<R>, "operate"> {
  operate(library: Library, run: Run, screen: Screen): Promise<R>;
}

/** The process's own streams. */
export const processStreams: Streams = { stdout: process.stdout, stderr: process.stderr };

/** The job that opens the library that the flags name, does this one and closes it in every case; `onFound` is told where it is. */
export function jobInLibrary<R extends OperationResult>(
  job: LibraryJob<R>,
  onFound: (directory: string) => void,
): Job<R> {
  return {
    ...job,
    operate: async (run, screen) => {
      const directory = await findLibrary(job.flags.library, process.cwd());
      onFound(directory);
      const { openLibrary } = await import("../app.js");
      const library = await openLibrary(directory, {
        env: environment(),
        time: systemTime,
        random: Math.random,
      });
      try {
        return await job.operate(library, run, screen);
      } finally {
        await library.close();
      }
    },
  };
}

/** Does the job of the command, prints its result and sets the exit code that fits its outcome. Throws what the job throws. */
export async function perform<R extends OperationResult>(command: string, job: Job<R>): Promise<R> {
  const { flags } = job;
  const { stdout, stderr } = processStreams;
  const clock = clockFrom(environment());
  const progress = progressFor({
    stream: stderr,
    live: isLive(stderr, environment()["TERM"]),
    quiet: flags.quiet,
    json: flags.json,
    events: flags.progress === "json",
    nowMs: () => performance.now(),
  });
  const interruption = onInterrupt(process, progress.note.bind(progress), (code) => {
    progress.end(false);
    process.exit(code);
  });
  let completed = false;
  let result: R;
  try {
    const screen = { clear: () => progress.end(true) };
    result = await job.operate({ signal: interruption.signal, clock, progress }, screen);
    completed = true;
  } finally {
    progress.end(completed);
    interruption.release();
  }
  const settings = { noColor: flags["no-color"], verbose: flags.verbose, now: clock.now() };
  if (flags.json) await print(stdout, jsonPieces(resultObject(command, result)));
  else {
    await print(stdout, [job.render(result, viewFor(stdout, settings))]);
    await print(stderr, [renderFailures(result.failures, viewFor(stderr, settings))]);
    if (result.outcome === "cancelled") await print(stderr, [STOPPED]);
  }
  process.exitCode = exitCodeOf(result.outcome);
  return result;
}

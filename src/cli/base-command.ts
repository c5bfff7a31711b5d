import { Command, Errors } from "@oclif/core";
import type { Library } from "../app.js";
import { clockFrom } from "../infra/clock.js";
import type { OperationResult } from "../operations/results.js";
import type { Run } from "../ports/phase.js";
import { hasSwitch } from "./argv.js";
import { asPhotosyncError } from "./as-photosync-error.js";
import { environment } from "./environment.js";
import { exitCodeOf } from "./exit-codes.js";
import { findLibrary } from "./find-library.js";
import { type GlobalFlags, globalFlags } from "./global-flags.js";
import { onInterrupt } from "./interrupt.js";
import { jsonPieces, resultObject } from "./json-result.js";
import { print } from "./print.js";
import { progressFor } from "./progress-for.js";
import { renderFailures } from "./render/failure-text.js";
import type { View } from "./render/view.js";
import { reportFailure, type Streams } from "./report-failure.js";
import { isLive, viewFor } from "./terminal.js";

const STOPPED =
  "Stopped before the end; what was finished is kept. Run the same command again to continue.\n";

/** What a command asks to be done, and how its result reads. */
export interface Job<R extends OperationResult> {
  readonly flags: GlobalFlags;
  readonly dryRun: boolean;
  operate(run: Run): Promise<R>;
  render(result: R, view: View): string;
}

/** A job on a library that exists. */
export interface LibraryJob<R extends OperationResult> extends Omit<Job<R>, "operate"> {
  operate(library: Library, run: Run): Promise<R>;
}

/**
 * What all commands share: finding the library, Ctrl-C, progress, printing and exit codes. `--json` is photosync's own
 * flag, not oclif's, whose error objects copy every property of an error and whose two modes take exit codes from
 * different places.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  readonly #streams: Streams = { stdout: process.stdout, stderr: process.stderr };
  #library: string | null = null;
  #dryRun = hasSwitch(this.argv, "--dry-run");

  /** The time of this run, RFC 3339 in UTC. */
  protected now(): string {
    return clockFrom(environment()).now();
  }

  /** Opens the library that the flags name, does the job and closes the library again in every case. */
  protected async performInLibrary<R extends OperationResult>(job: LibraryJob<R>): Promise<R> {
    return this.perform({
      ...job,
      operate: async (run) => {
        const directory = await findLibrary(job.flags.library, process.cwd());
        this.#library = directory;
        const { openLibrary } = await import("../app.js");
        const library = await openLibrary(directory);
        try {
          return await job.operate(library, run);
        } finally {
          await library.close();
        }
      },
    });
  }

  /** Does the job, prints its result and sets the exit code that fits its outcome. */
  protected async perform<R extends OperationResult>(job: Job<R>): Promise<R> {
    const { flags } = job;
    const { stdout, stderr } = this.#streams;
    this.#dryRun = job.dryRun;
    const clock = clockFrom(environment());
    const progress = progressFor({
      stream: stderr,
      live: isLive(stderr, environment()["TERM"]),
      quiet: flags.quiet,
      json: flags.json,
      nowMs: () => performance.now(),
    });
    const interruption = onInterrupt(process, progress.note.bind(progress), (code) => {
      progress.end(false);
      process.exit(code);
    });
    let completed = false;
    let result: R;
    try {
      result = await job.operate({ signal: interruption.signal, clock, progress });
      completed = true;
    } finally {
      progress.end(completed);
      interruption.release();
    }
    const settings = { noColor: flags["no-color"], verbose: flags.verbose, now: clock.now() };
    if (flags.json) await print(stdout, jsonPieces(resultObject(this.id ?? "", result)));
    else {
      await print(stdout, [job.render(result, viewFor(stdout, settings))]);
      await print(stderr, [renderFailures(result.failures, viewFor(stderr, settings))]);
      if (result.outcome === "cancelled") await print(stderr, [STOPPED]);
    }
    process.exitCode = exitCodeOf(result.outcome);
    return result;
  }

  /** Reports what `run` threw, wrong arguments included; nothing is left for oclif to print. */
  protected override async catch(thrown: Error): Promise<void> {
    if (thrown instanceof Errors.ExitError) throw thrown;
    // oclif otherwise warns of a command that forgot to parse, when it was the parsing that failed.
    this.parsed = true;
    const flags = Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags }).map((name) => `--${name}`);
    const command = this.id ?? null;
    const error = asPhotosyncError(thrown, { command, flags });
    const failed = { command, library: this.#library, dryRun: this.#dryRun };
    process.exitCode = await reportFailure(error, failed, this.argv, this.#streams);
  }
}

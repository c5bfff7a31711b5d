import { Command, Errors } from "@oclif/core";
import { clockFrom } from "../infra/clock.js";
import type { OperationResult } from "../operations/results.js";
import { hasSwitch } from "./argv.js";
import { asPhotosyncError } from "./as-photosync-error.js";
import { environment } from "./environment.js";
import { globalFlags } from "./global-flags.js";
import { type Job, jobInLibrary, type LibraryJob, perform, processStreams } from "./perform.js";
import { reportFailure } from "./report-failure.js";

/**
 * What all commands share: finding the library, Ctrl-C, progress, printing and exit codes. `--json` is photosync's own
 * flag, not oclif's, whose error objects copy every property of an error and whose two modes take exit codes from
 * different places.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  #library: string | null = null;
  #dryRun = hasSwitch(this.argv, "--dry-run");

  /** The command as people type it: `visibility set`. */
  get #name(): string {
    return (this.id ?? "").replaceAll(":", " ");
  }

  /** The time of this run, RFC 3339 in UTC. */
  protected now(): string {
    return clockFrom(environment()).now();
  }

  /** Opens the library that the flags name, does the job and closes the library again in every case. */
  protected async performInLibrary<R extends OperationResult>(job: LibraryJob<R>): Promise<R> {
    return this.perform(
      jobInLibrary(job, (directory) => {
        this.#library = directory;
      }),
    );
  }

  /** Does the job, prints its result and sets the exit code that fits its outcome. */
  protected async perform<R extends OperationResult>(job: Job<R>): Promise<R> {
    this.#dryRun = job.dryRun;
    return perform(this.#name, job);
  }

  /** Reports what `run` threw, wrong arguments included; nothing is left for oclif to print. */
  protected override async catch(thrown: Error): Promise<void> {
    if (thrown instanceof Errors.ExitError) throw thrown;
    // oclif otherwise warns of a command that forgot to parse, when it was the parsing that failed.
    this.parsed = true;
    const flags = Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags }).map((name) => `--${name}`);
    const command = this.#name || null;
    const error = asPhotosyncError(thrown, { command, flags });
    const failed = { command, library: this.#library, dryRun: this.#dryRun };
    process.exitCode = await reportFailure(error, failed, this.argv, processStreams);
  }
}

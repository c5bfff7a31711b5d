import { Errors } from "@oclif/core";
import { asPhotosyncError } from "./as-photosync-error.js";
import { processStreams } from "./perform.js";
import { reportFailure } from "./report-failure.js";
import { ignoreStreamErrors } from "./stream-errors.js";

/** Tells of what was thrown where no command reports for itself, and returns the exit code. */
export async function reportOutsideCommand(thrown: unknown, argv: readonly string[]): Promise<number> {
  ignoreStreamErrors();
  if (thrown instanceof Errors.ExitError) return thrown.oclif.exit ?? 0;
  const failed = { command: null, library: null, dryRun: false };
  return reportFailure(asPhotosyncError(thrown, { command: null, flags: [] }), failed, argv, processStreams);
}

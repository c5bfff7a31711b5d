import type { GlobalFlags } from "./global-flags.js";
import { jobInLibrary, perform, processStreams } from "./perform.js";
import { statusJob } from "./status-job.js";
import { ignoreStreamErrors } from "./stream-errors.js";

/** Does what the command `status` does with these flags, its report of errors included, without loading oclif. */
export async function plainStatus(argv: readonly string[], flags: GlobalFlags): Promise<void> {
  const command = "status";
  let library: string | null = null;
  const job = jobInLibrary(statusJob(flags), (directory) => {
    library = directory;
  });
  try {
    await perform(command, job);
  } catch (thrown) {
    const [{ asPhotosyncError }, { reportFailure }] = await Promise.all([
      import("./as-photosync-error.js"),
      import("./report-failure.js"),
    ]);
    ignoreStreamErrors();
    const error = asPhotosyncError(thrown, { command, flags: [] });
    process.exitCode = await reportFailure(error, { command, library, dryRun: false }, argv, processStreams);
  }
}

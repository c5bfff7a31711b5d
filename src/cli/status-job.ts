import type { StatusResult } from "../operations/results.js";
import type { GlobalFlags } from "./global-flags.js";
import type { LibraryJob } from "./perform.js";
import { renderStatus } from "./render/status-text.js";

/** What `photosync status` does. */
export const statusJob = (flags: GlobalFlags): LibraryJob<StatusResult> => ({
  flags,
  dryRun: false,
  operate: (library, run) => library.status(run),
  render: renderStatus,
});

import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { parseOperation, undoneBy } from "./operation-message.js";
import type { LogOptions } from "./options.js";
import type { LogResult, OperationSummary } from "./results.js";

/** Every operation from the newest to the first, with what undid what. */
export async function operationsOf(control: ControlPlane, run: Run): Promise<readonly OperationSummary[]> {
  const commits = [];
  for await (const commit of control.history(await control.head(), run)) commits.push(commit);
  const undone = undoneBy(commits);
  return commits.map((commit) => parseOperation(commit, undone));
}

/** The library's operations, newest first. */
export async function log(
  libraryRoot: string,
  control: ControlPlane,
  options: LogOptions,
  run: Run,
): Promise<LogResult> {
  const all = await operationsOf(control, run);
  return {
    library: libraryRoot,
    dry_run: false,
    commit: null,
    counts: { operations: all.length },
    failures: [],
    outcome: "done",
    operations: options.limit === undefined ? all : all.slice(0, options.limit),
  };
}

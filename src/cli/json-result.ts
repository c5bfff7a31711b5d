import type { PhotosyncError } from "../domain/errors.js";
import type { OperationResult } from "../operations/results.js";
import { exitCodeOf } from "./exit-codes.js";

/** What `--json` prints of a run that came to its end: the result with `command` and `ok`, without `outcome`. */
export function resultObject(command: string, result: OperationResult): Record<string, unknown> {
  const { outcome, library, dry_run, commit, counts, failures, ...rest } = result;
  const ok = exitCodeOf(outcome) === 0;
  return { command, library, ok, dry_run, commit, counts, failures, ...rest };
}

/** What is known of a run that failed before it had a result. */
export interface FailedRun {
  /** Null where the arguments name no command. */
  readonly command: string | null;
  /** Null where none was found. */
  readonly library: string | null;
  readonly dryRun: boolean;
}

/** What `--json` prints of a command that failed as a whole. Only these four facts of an error ever leave. */
export function errorObject(run: FailedRun, error: PhotosyncError): Record<string, unknown> {
  return {
    command: run.command,
    library: run.library,
    ok: false,
    dry_run: run.dryRun,
    commit: null,
    counts: {},
    failures: [],
    error: {
      code: error.code,
      message: error.message,
      hint: error.next.join(" "),
      exit: exitCodeOf(error.kind),
    },
  };
}

/**
 * One JSON document in pieces, a line for each entry of its lists: a plan of a million steps is longer than the
 * longest string that JavaScript can hold.
 */
export function* jsonPieces(object: Readonly<Record<string, unknown>>): Generator<string, void, void> {
  let separator = "{\n";
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}  ${JSON.stringify(key)}: `;
    separator = ",\n";
    if (!Array.isArray(value) || value.length === 0) {
      yield JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
      continue;
    }
    let open = "[\n";
    for (const entry of value) {
      yield `${open}    ${JSON.stringify(entry)}`;
      open = ",\n";
    }
    yield "\n  ]";
  }
  yield separator === "{\n" ? "{}\n" : "\n}\n";
}

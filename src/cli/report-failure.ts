import type { PhotosyncError } from "../domain/errors.js";
import { asksForJson, hasSwitch } from "./argv.js";
import { exitCodeOf } from "./exit-codes.js";
import { errorObject, type FailedRun, jsonPieces } from "./json-result.js";
import { print } from "./print.js";
import { renderError } from "./render/error-text.js";
import { type OutputStream, viewFor } from "./terminal.js";

/** Where a failure can be told. */
export interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Where an error cannot be told, nothing else can be done about it either. */
async function tell(stream: OutputStream, pieces: Iterable<string>): Promise<boolean> {
  return print(stream, pieces).then(
    () => true,
    () => false,
  );
}

/**
 * Tells the person of an error that ended the command as a whole, and returns the exit code: an object on stdout when
 * the arguments ask for JSON, text on stderr otherwise. Works from the bare arguments, since they may be what is wrong.
 * Never rejects.
 */
export async function reportFailure(
  error: PhotosyncError,
  run: FailedRun,
  argv: readonly string[],
  { stdout, stderr }: Streams,
): Promise<number> {
  const settings = { noColor: hasSwitch(argv, "--no-color"), verbose: hasSwitch(argv, "--verbose") };
  const told = asksForJson(argv) && (await tell(stdout, jsonPieces(errorObject(run, error))));
  if (!told || settings.verbose) await tell(stderr, [renderError(error, viewFor(stderr, settings))]);
  return exitCodeOf(error.kind);
}

import { commandFirst } from "./argv.js";
import { environment } from "./environment.js";
import { plainFlags } from "./plain-flags.js";
import { flushed } from "./print.js";
import { ignoreStreamErrors } from "./stream-errors.js";

/** Status is asked for most often, and loading oclif takes longer than all of it: with global flags alone it does without. */
async function runCommand(argv: readonly string[], entryUrl: string): Promise<void> {
  const flags = argv[0] === "status" ? plainFlags(argv.slice(1), environment()) : null;
  if (flags !== null) {
    const { plainStatus } = await import("./plain-status.js");
    return plainStatus(argv, flags);
  }
  const { runByOclif } = await import("./run-by-oclif.js");
  return runByOclif(argv, entryUrl);
}

/**
 * Runs the command that the arguments name and ends the process with its exit code. Nothing escapes: what a command
 * does not report itself, down to exceptions that nobody awaited, is reported here.
 */
export async function main(argumentsGiven: readonly string[], entryUrl: string): Promise<never> {
  const argv = commandFirst(argumentsGiven);
  let isReported = false;
  const report = async (thrown: unknown): Promise<number> => {
    const { reportOutsideCommand } = await import("./report-outside-command.js");
    return reportOutsideCommand(thrown, argv);
  };
  process.on("uncaughtException", (thrown) => {
    // One cause may fail many promises; the person is told once.
    if (isReported) return;
    isReported = true;
    void report(thrown).then((code) => process.exit(code));
  });
  // Nothing is left that could wake the program, and it has not ended: Node would leave with 13, which means "busy" here.
  process.once("beforeExit", () => {
    if (isReported) return;
    isReported = true;
    void report(new Error("The command came to a stop before its end.")).then((code) => process.exit(code));
  });
  ignoreStreamErrors();
  try {
    await runCommand(argv, entryUrl);
  } catch (thrown) {
    // Already being told by the listener, which ends the process.
    if (isReported) return new Promise<never>(() => {});
    isReported = true;
    process.exitCode = await report(thrown);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

import { fileURLToPath } from "node:url";
import { Config, Errors, run, settings } from "@oclif/core";
import { commandFirst } from "./argv.js";
import { asPhotosyncError, unknownCommand } from "./as-photosync-error.js";
import { flushed } from "./print.js";
import { reportFailure } from "./report-failure.js";

/** What oclif throws for a word that is no command; it has no class or code of its own. */
const NOT_FOUND = /^command .+ not found$/;

function failureOf(thrown: unknown, argv: readonly string[], config: Config | null) {
  if (config !== null && thrown instanceof Errors.CLIError && NOT_FOUND.test(thrown.message)) {
    const known = config.commands.filter((command) => !command.hidden).map((command) => command.id);
    return unknownCommand(argv[0], known);
  }
  return asPhotosyncError(thrown, { command: null, flags: [] });
}

async function report(thrown: unknown, argv: readonly string[], config: Config | null): Promise<number> {
  if (thrown instanceof Errors.ExitError) return thrown.oclif.exit ?? 0;
  const failed = { command: null, library: null, dryRun: false };
  return reportFailure(failureOf(thrown, argv, config), failed, argv, process);
}

/**
 * Runs the command that the arguments name and ends the process with its exit code. Nothing escapes: what a command
 * does not report itself, down to exceptions that nobody awaited, is reported here.
 */
export async function main(argumentsGiven: readonly string[], entryUrl: string): Promise<never> {
  const argv = commandFirst(argumentsGiven);
  let config: Config | null = null;
  let isReported = false;
  process.on("uncaughtException", (thrown) => {
    // One cause may fail many promises; the person is told once.
    if (isReported) return;
    isReported = true;
    void report(thrown, argv, null).then((code) => process.exit(code));
  });
  // Whoever prints looks at the outcome; oclif's own listener would throw again where nobody can catch.
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    stream.on("error", () => {});
  }
  // Otherwise oclif looks for TypeScript sources and a loader for them wherever NODE_ENV is `test`.
  settings.enableAutoTranspile = false;
  try {
    config = await Config.load(fileURLToPath(entryUrl));
    await run(argv, config);
  } catch (thrown) {
    // Already being told by the listener, which ends the process.
    if (isReported) return new Promise<never>(() => {});
    isReported = true;
    process.exitCode = await report(thrown, argv, config);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

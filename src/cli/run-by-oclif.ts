import { fileURLToPath } from "node:url";
import { Config, Errors, run, settings } from "@oclif/core";
import { unknownCommand } from "./as-photosync-error.js";
import { ignoreStreamErrors } from "./stream-errors.js";

/** What oclif throws for a word that is no command; it has no class or code of its own. */
const NOT_FOUND = /^command .+ not found$/;

/** The words that were meant to name a command: two where the first is a topic. */
function wordsOf(argv: readonly string[], known: readonly string[]): string | undefined {
  const [first, second] = argv;
  const isTopic = known.some((command) => command.startsWith(`${first} `));
  return isTopic && second !== undefined ? `${first} ${second}` : first;
}

/** Lets oclif find and run the command. Throws `usage.*` (user) for words that name none, and what the command lets through. */
export async function runByOclif(argv: readonly string[], entryUrl: string): Promise<void> {
  ignoreStreamErrors();
  // Otherwise oclif looks for TypeScript sources and a loader for them wherever NODE_ENV is `test`.
  settings.enableAutoTranspile = false;
  const config = await Config.load(fileURLToPath(entryUrl));
  try {
    await run([...argv], config);
  } catch (thrown) {
    if (!(thrown instanceof Errors.CLIError) || !NOT_FOUND.test(thrown.message)) throw thrown;
    const known = config.commands
      .filter((command) => !command.hidden)
      .map((command) => command.id.replaceAll(":", " "));
    throw unknownCommand(wordsOf(argv, known), known);
  }
}

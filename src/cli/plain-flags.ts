import type { GlobalFlags } from "./global-flags.js";

const SWITCHES = ["--json", "--quiet", "--verbose", "--no-color", "--no-input"];
const LIBRARY = "--library";

/**
 * The global flags when the words are nothing but these, each written out and at most once, and as oclif reads them; null when
 * anything else is among them, a mistake included. `env` is where `PHOTOSYNC_LIBRARY` is looked for.
 */
export function plainFlags(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): GlobalFlags | null {
  const seen = new Set<string>();
  let library: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const name = word.startsWith(`${LIBRARY}=`) ? LIBRARY : word;
    if (seen.has(name) || (name !== LIBRARY && !SWITCHES.includes(name))) return null;
    seen.add(name);
    if (name !== LIBRARY) continue;
    library = word === LIBRARY ? words[++at] : word.slice(LIBRARY.length + 1);
    // What oclif makes of an empty or dashed value is its own affair.
    if (library === undefined || library === "" || library.startsWith("-")) return null;
  }
  const fromEnvironment = env["PHOTOSYNC_LIBRARY"];
  if (library === undefined && fromEnvironment) library = fromEnvironment;
  return {
    ...(library === undefined ? {} : { library }),
    json: seen.has("--json"),
    quiet: seen.has("--quiet"),
    progress: "auto",
    verbose: seen.has("--verbose"),
    "no-color": seen.has("--no-color"),
  };
}

const GLOBAL_SWITCHES = new Set(["--json", "--quiet", "--verbose", "--no-color", "--no-input"]);

function beforeSeparator(argv: readonly string[]): number {
  const separator = argv.indexOf("--");
  return separator === -1 ? argv.length : separator;
}

/** True when the arguments ask for JSON, whether or not the rest of them can be understood. */
export const asksForJson = (argv: readonly string[]): boolean =>
  argv.slice(0, beforeSeparator(argv)).includes("--json");

/** True when the arguments hold this switch, whether or not the rest of them can be understood. */
export const hasSwitch = (argv: readonly string[], name: string): boolean =>
  argv.slice(0, beforeSeparator(argv)).includes(name);

/**
 * The arguments as oclif wants them, command first: `--library DIR status` becomes `status --library DIR`,
 * `help status` and `status -h` become `status --help`. What follows `--` is left as it is.
 */
export function commandFirst(argv: readonly string[]): string[] {
  const end = beforeSeparator(argv);
  const words = argv.slice(0, end).map((word) => (word === "-h" ? "--help" : word));
  if (words[0] === "help") return [...words.slice(1), "--help", ...argv.slice(end)];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--library") index++;
    else if (!GLOBAL_SWITCHES.has(word) && !word.startsWith("--library=")) break;
  }
  const command = words[index];
  const leading = command === undefined || command.startsWith("-") ? 0 : index;
  return [...words.slice(leading), ...words.slice(0, leading), ...argv.slice(end)];
}

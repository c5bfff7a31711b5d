/** The process's environment; the only place in `src/` that reads it, so that everything else can be given another. */
export function environment(): Readonly<Record<string, string | undefined>> {
  // biome-ignore lint/style/noProcessEnv: this is the one door through which the environment enters
  return process.env;
}

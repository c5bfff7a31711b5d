/**
 * Lets errors of stdout and stderr pass: whoever prints looks at the outcome. To be called again once oclif is loaded, whose own
 * listener would throw where nobody can catch.
 */
export function ignoreStreamErrors(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    stream.on("error", () => {});
  }
}

import { readFileSync } from "node:fs";

const versionIn = (manifest: unknown): string =>
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";

/**
 * Prints what `photosync --version` prints. On its own, because loading oclif for that one line takes six times as long as
 * starting Node.
 */
export function tellVersion(): void {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  // A reader that has gone away is no reason for a stack trace.
  process.stdout.on("error", () => {});
  process.stdout.write(
    `photosync/${versionIn(manifest)} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
}

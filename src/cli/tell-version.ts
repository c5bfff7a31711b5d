import { readFileSync } from "node:fs";

const versionIn = (manifest: unknown): string =>
  typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";

function ownManifest(): unknown {
  try {
    return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  } catch {
    return null;
  }
}

/**
 * Prints what `photosync --version` prints; false, and nothing printed, where the program's own `package.json` cannot be read.
 * On its own, because loading oclif for that one line takes six times as long as starting Node.
 */
export function tellVersion(): boolean {
  const manifest = ownManifest();
  if (manifest === null) return false;
  // A reader that has gone away is no reason for a stack trace.
  process.stdout.on("error", () => {});
  process.stdout.write(
    `photosync/${versionIn(manifest)} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
  return true;
}

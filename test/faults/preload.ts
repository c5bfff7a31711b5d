import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SETTINGS_VARIABLE, type Settings } from "./preload/settings.mjs";

const COMPILER = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
const SOURCES = fileURLToPath(new URL("preload/tsconfig.json", import.meta.url));

/**
 * Compiles the layer that watches file operations into a new folder below the system's temporary one, which the caller
 * removes, and returns the folder. Takes about a second; once for a sweep is enough.
 */
export function compilePreload(): string {
  const folder = mkdtempSync(join(tmpdir(), "photosync-preload-"));
  execFileSync(process.execPath, [COMPILER, "-p", SOURCES, "--outDir", folder], { stdio: "inherit" });
  return folder;
}

/** How Node is started so that the layer watches it: what stands before the script, and what is set in the environment. */
export function watching(
  folder: string,
  settings: Settings,
): { readonly nodeFlags: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  return {
    nodeFlags: ["--import", pathToFileURL(join(folder, "intercept.mjs")).href],
    environment: { [SETTINGS_VARIABLE]: JSON.stringify(settings) },
  };
}

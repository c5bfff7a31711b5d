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

/** The environment in which Node, its worker threads too, loads the layer before the program. */
export const watching = (folder: string, settings: Settings): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "intercept.mjs")).href}`,
  [SETTINGS_VARIABLE]: JSON.stringify(settings),
});

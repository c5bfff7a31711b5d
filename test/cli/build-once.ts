import { execSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What `npm run build` reads. */
const SOURCES = ["src", "schemas", "scripts", "package.json", "tsconfig.json", "tsconfig.build.json"];

/** What it writes last. */
const LAST_BUILT = "oclif.manifest.json";

/** When a file, or a folder or anything below it, changed last; a file that was taken away changes its folder. */
function changedMs(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => changedMs(join(path, name))));
}

/**
 * Builds `dist/`, which these tests run, unless it is younger than the sources that they stand beside: an installation has
 * just built it, and a changed source is never tried by an older program.
 */
export function setup(): void {
  const builtMs = statSync(join(ROOT, LAST_BUILT), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.every((name) => changedMs(join(ROOT, name)) < builtMs)) return;
  execSync("npm run --silent build", { cwd: ROOT, stdio: "inherit" });
}

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { writeValidators } from "../../scripts/schema-validators.js";

/** Builds `dist/`, which these tests run, so that they never try an older program than the sources they stand beside. */
export function setup(): void {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  writeValidators(new URL("../../dist/control/", import.meta.url));
}

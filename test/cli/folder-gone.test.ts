import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "./files.js";
import { cleanEnvironment } from "./run-program.js";

const RUN_JS = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/** Runs `photosync` from a shell whose folder is deleted under it; Windows keeps a folder that somebody is in. */
function fromDeletedFolder(folder: string, args: readonly string[]): unknown {
  const script = 'mkdir gone && cd gone && rmdir ../gone && "$0" "$@"; test $? = 2';
  const stdout = execFileSync("sh", ["-c", script, process.execPath, RUN_JS, ...args, "--json"], {
    cwd: folder,
    env: cleanEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(stdout);
}

it.runIf(process.platform !== "win32").for([["status"], ["doctor"], ["init", "library"]])(
  "tells the owner of a shell whose folder was deleted so: %s",
  async (args) => {
    expect(fromDeletedFolder(await tempFolder(), args)).toMatchObject({
      ok: false,
      error: { exit: 2, code: "usage.folder-gone" },
    });
  },
);

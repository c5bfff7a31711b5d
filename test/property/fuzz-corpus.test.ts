import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { runs } from "./runs.js";

const RUN = fileURLToPath(new URL("../fuzz/run.ts", import.meta.url));

it("every kept input of every parser is answered cleanly, and so are some new ones", async () => {
  // A process of its own: one that hangs or runs out of memory is found out and named with its input.
  const args = ["--import", "tsx", RUN, "--plain", "--executions", String(runs(20)), "--seconds", "600"];
  const ended = await promisify(execFile)(process.execPath, args).then(
    ({ stdout }) => ({ isClean: true, stdout }),
    (error: { readonly stdout?: string }) => ({ isClean: false, stdout: error.stdout ?? String(error) }),
  );
  expect(ended.isClean, ended.stdout).toBe(true);
}, 600_000);

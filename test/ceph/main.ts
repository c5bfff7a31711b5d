import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startCluster } from "./cluster.js";
import { provideCeph } from "./provide.js";

const began = performance.now();
const say = (line: string): void => {
  process.stderr.write(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
};

/** What test programs end with that cannot be run where they are (https://www.gnu.org/software/automake/manual/automake.html, "Scripts-based Testsuites"). */
const LEFT_OUT = 77;

/** `npm run test:ceph`: the contract suite on a real distributed store, and what it keeps opened by Debian's age; arguments go to vitest. */
const lacking = provideCeph(say);
if (lacking !== null) {
  process.stderr.write(`
================================================================================
LEFT OUT: the tests on a real Ceph (npm run test:ceph) were not run: ${lacking}.
All other tests need none of it.
================================================================================
`);
  process.exit(LEFT_OUT);
}
const cluster = await startCluster(say);
say(`ready at ${cluster.endpoint}`);
const tests = spawn(
  process.execPath,
  [
    fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url)),
    "run",
    "--config",
    fileURLToPath(new URL("vitest.config.ts", import.meta.url)),
    ...process.argv.slice(2),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      PHOTOSYNC_CEPH_ENDPOINT: cluster.endpoint,
      PHOTOSYNC_CEPH_KEY: cluster.accessKeyId,
      PHOTOSYNC_CEPH_SECRET: cluster.secretAccessKey,
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => tests.kill(signal));
const exit = await new Promise<number | null>((resolve) => tests.once("exit", resolve));
await cluster.stop();
say("stopped");
process.exitCode = exit ?? 1;

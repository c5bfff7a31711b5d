import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startCluster } from "./cluster.js";

const PACKAGES = ["ceph-mon", "ceph-osd", "ceph-common", "radosgw", "age"];
const began = performance.now();
const say = (line: string): void => {
  process.stderr.write(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
};

const isInstalled = (name: string): boolean =>
  spawnSync("dpkg", ["-s", name], { encoding: "utf8" }).stdout?.includes("Status: install ok installed") ===
  true;

/** Installs what is missing of Ceph, and of age, from the system's own packages, without starting their services. */
function install(): void {
  const missing = PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  say(`installing ${missing.join(", ")}`);
  // In run level 1 Debian's packages start nothing.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const apt = (...args: readonly string[]) =>
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  const all = ["install", "-y", "-qq", "--no-install-recommends", ...missing];
  if (apt(...all) || (apt("update", "-qq") && apt(...all))) return;
  process.stderr.write(
    `The packages could not be installed. Once, as root: apt-get install ${missing.join(" ")}\n`,
  );
  process.exit(2);
}

/** `npm run test:ceph`: the contract suite on a real distributed store, and what it keeps opened by Debian's age; arguments go to vitest. */
install();
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

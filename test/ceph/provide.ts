import { spawnSync } from "node:child_process";

/** Debian's packages, and the programs that are started. */
const PACKAGES = ["ceph-mon", "ceph-osd", "ceph-common", "radosgw", "age"];
const PROGRAMS = [
  ..."ceph ceph-authtool ceph-mon ceph-osd monmaptool".split(" "),
  ..."radosgw radosgw-admin age age-keygen".split(" "),
];
const ATTEMPTS = 2;
const LISTS_MS = 45_000;
const DOWNLOAD_MS = 90_000;
const INSTALL_MS = 300_000;

const isThere = (program: string): boolean =>
  spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" }).status === 0;

/** Whether apt-get did that within the time. In run level 1 Debian's packages start no services. */
function apt(timeoutMs: number, ...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const patience = ["Acquire::Retries=2", "Acquire::http::Timeout=20", "DPkg::Lock::Timeout=60"];
  const options = patience.flatMap((each) => ["-o", each]);
  const { status, stderr } = spawnSync("apt-get", ["-y", "-qq", ...options, ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    timeout: timeoutMs,
  });
  if (status !== 0) process.stderr.write(stderr);
  return status === 0;
}

const INSTALL = ["install", "--no-install-recommends", ...PACKAGES];

/** Downloading can be stopped at any moment, unpacking had better not be. */
function isInstalled(): boolean {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) apt(LISTS_MS, "update");
    if (apt(DOWNLOAD_MS, "--download-only", ...INSTALL))
      return apt(INSTALL_MS, "--no-download", "-o", "Dpkg::Options::=--force-unsafe-io", ...INSTALL);
  }
  return false;
}

/**
 * Sees to it that Ceph and age are on this computer, from the system's own packages where they are missing. Tells why they cannot be had, or null;
 * a network that does not answer is given up after four minutes at most.
 */
export function provideCeph(say: (line: string) => void): string | null {
  const missing = PROGRAMS.filter((program) => !isThere(program));
  if (missing.length === 0) return null;
  const lacking = `there is no ${missing.join(", ")}`;
  if (!isThere("apt-get")) return `${lacking}, and no apt-get to install ${PACKAGES.join(", ")}`;
  if (process.getuid?.() !== 0)
    return `${lacking}, and only root may run: apt-get install ${PACKAGES.join(" ")}`;
  say(`installing ${PACKAGES.join(", ")}`);
  return isInstalled() ? null : `${lacking}, and apt-get could not install ${PACKAGES.join(", ")}`;
}

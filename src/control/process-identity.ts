import { readFileSync } from "node:fs";
import { hostname, uptime } from "node:os";

/** Enough to tell later whether the process that wrote it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly boot: string;
  /** Start of the process in clock ticks since boot, where the system tells (Linux). */
  readonly startTicks: string | null;
}

/** A boot without a kernel id is told by its approximate time; two estimates of one boot differ by less than this. */
const bootToleranceSeconds = 120;

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), boot: currentBoot(), startTicks: startTicksOf(process.pid) };
}

/** Names the running boot of this machine: Linux's boot id, elsewhere `at:` and the boot's time in seconds. */
export function currentBoot(): string {
  return readLine("/proc/sys/kernel/random/boot_id") ?? `at:${Math.round(Date.now() / 1000 - uptime())}`;
}

/** Whether a boot that `currentBoot` named is still the running one. Without a kernel id, a clock that jumps makes this false. */
export function isSameBoot(boot: string): boolean {
  const now = currentBoot();
  if (!boot.startsWith("at:") || !now.startsWith("at:")) return boot === now;
  return Math.abs(Number(boot.slice(3)) - Number(now.slice(3))) <= bootToleranceSeconds;
}

/**
 * `dead` is certain: the machine restarted since, no process has the id, or another one got it. A process on
 * another host (a shared folder) cannot be judged and counts as `elsewhere`.
 */
export function judge(identity: ProcessIdentity): "alive" | "dead" | "elsewhere" {
  if (identity.host !== hostname()) return "elsewhere";
  if (!isSameBoot(identity.boot)) return "dead";
  if (!isRunning(identity.pid) || statFieldOf(identity.pid, 3) === "Z") return "dead";
  const ticks = startTicksOf(identity.pid);
  return identity.startTicks !== null && ticks !== null && ticks !== identity.startTicks ? "dead" : "alive";
}

/** The identity inside an outside value (a parsed lock file), or null when it is none. */
export function parseIdentity(value: unknown): ProcessIdentity | null {
  if (typeof value !== "object" || value === null) return null;
  const { pid, host, boot, startTicks } = value as Partial<Record<keyof ProcessIdentity, unknown>>;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return null;
  if (typeof host !== "string" || typeof boot !== "string") return null;
  return { pid, host, boot, startTicks: typeof startTicks === "string" ? startTicks : null };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function startTicksOf(pid: number): string | null {
  return statFieldOf(pid, 22);
}

/** A field of `/proc/PID/stat` as proc(5) numbers them: 3 is the state (Z: killed, not yet collected), 22 the start. */
function statFieldOf(pid: number, field: number): string | null {
  const line = readLine(`/proc/${pid}/stat`);
  // The name in field 2 may hold spaces and brackets, so fields are counted from its end.
  return line?.slice(line.lastIndexOf(")") + 2).split(" ")[field - 3] ?? null;
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return null;
  }
}

import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { isErrno } from "./disk.js";

const NAME = /^\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{12}\.photosync-tmp$/;
const WEEK_MS = 7 * 24 * 3_600_000;

const hostTag = (): string => createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const startedMs = (): number => Math.round(performance.timeOrigin);

/** `.<host>-<pid>-<start of the process, ms>-<random>.photosync-tmp`: tells a later run whether its writer can still live. */
export const tempName = (): string =>
  `.${hostTag()}-${process.pid}-${startedMs()}-${randomBytes(6).toString("hex")}.photosync-tmp`;

/** True for a name that only photosync's temporary files have. */
export const isTempName = (name: string): boolean => NAME.test(name);

/**
 * True for a temporary file that no living writer can be at work on: its process on this computer has ended, or, where
 * that cannot be asked (another computer on a shared disk, a process id in use again), nobody wrote to it for a week.
 * Should a clock that jumped make it wrong, that writer's `put` fails and is repeated; nothing is lost.
 */
export function isAbandoned(name: string, modifiedMs: number): boolean {
  const [, host, pid, started] = NAME.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === hostTag()) {
    if (Number(pid) === process.pid) return Number(started) !== startedMs();
    if (!isAlive(Number(pid))) return true;
  }
  return Date.now() - modifiedMs > WEEK_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isErrno(error, "ESRCH");
  }
}

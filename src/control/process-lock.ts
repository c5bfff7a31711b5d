import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PhotosyncError } from "../domain/errors.js";
import { discardFile, errnoOf, fileError, makeFolderDurably } from "../infra/durable-file.js";
import { createExclusively } from "./exclusive-file.js";
import { judge, ownIdentity, type ProcessIdentity, parseIdentity } from "./process-identity.js";

/** A held lock. `release` may be called again; what a killed process holds is taken over by the next `acquireLock`. */
export interface Lock {
  release(): Promise<void>;
}

interface Claim extends ProcessIdentity {
  readonly command: string;
  readonly since: string;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

const attempts = 40;
const attemptPauseMs = 25;
/** A lock file without readable content can only be one in the making on a file system without hard links. */
const makingMs = 5_000;

/**
 * Takes the library's lock between processes, the file `.photosync/lock`, for `command` (shown to others). Does not
 * wait for another run. A lock whose process has died (kill -9, power cut, its id given to another process) is taken over.
 * Throws `library.locked` (busy) while another process holds it, `library.read-only`, `store.no-space`.
 */
export async function acquireLock(libraryDir: string, command: string): Promise<Lock> {
  const folder = join(libraryDir, ".photosync");
  const path = join(folder, "lock");
  const claim: Claim = {
    ...ownIdentity(),
    command,
    since: new Date().toISOString(),
    token: randomBytes(12).toString("hex"),
  };
  const content = `${JSON.stringify(claim)}\n`;
  await makeFolderDurably(folder).catch((error: unknown) => {
    throw fileError(error, folder, "create");
  });
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (createExclusively(path, content)) return { release: () => release(path, claim.token) };
    const holder = readLock(path);
    if (holder.kind === "held") throw locked(path, holder.claim);
    if (holder.kind === "stale") breakStale(folder, path, content);
    // Several breakers step back from each other; a random pause lets one go first.
    await sleep(attemptPauseMs * Math.random());
  }
  throw locked(path, null);
}

/** True where a lock stands whose process has died: nobody is at work, and the next `acquireLock` takes it over. */
export function isLockLeft(libraryDir: string): boolean {
  try {
    return readLock(join(libraryDir, ".photosync", "lock")).kind === "stale";
  } catch {
    // What cannot be read is for those to report who need the lock.
    return false;
  }
}

/** True for a claim, whole or on its way to its name, of a process that has certainly died. */
export function isClaimOfTheDead(path: string): boolean {
  try {
    const claim = parseClaim(readText(path));
    return claim !== null && judge(claim) === "dead";
  } catch {
    return false;
  }
}

async function release(path: string, token: string): Promise<void> {
  // The lock of a process that has ended is free: what was done must not fail because this could not be removed.
  const text = await readFile(path, "utf8").catch(() => null);
  if (parseClaim(text)?.token === token) discardFile(path);
}

type Standing = { readonly kind: "free" | "stale" } | { readonly kind: "held"; readonly claim: Claim | null };

function readLock(path: string): Standing {
  const text = readText(path);
  if (text === null) return { kind: "free" };
  const claim = parseClaim(text);
  if (claim !== null) return judge(claim) === "dead" ? { kind: "stale" } : { kind: "held", claim };
  const age = ageMs(path);
  if (age === null) return { kind: "free" };
  // A time in the future is the work of another clock, not of a lock that is being made.
  return Math.abs(age) > makingMs ? { kind: "stale" } : { kind: "held", claim: null };
}

/**
 * Removes a stale lock. Two breakers could otherwise both judge it stale, and the slower one remove the lock that the faster
 * one has just taken. So each first puts up a claim file under a name of its own and acts only when no other live
 * claim stands: of two, the one that looks later sees the other. Names are never used twice, so the claims of the dead
 * can be removed without a race.
 */
function breakStale(folder: string, path: string, content: string): void {
  const own = `lock.break-${randomBytes(8).toString("hex")}`;
  if (!createExclusively(join(folder, own), content)) return;
  try {
    const others = readdirSync(folder).filter((name) => name.startsWith("lock.break-") && name !== own);
    for (const name of others) {
      const standing = readLock(join(folder, name));
      if (standing.kind === "held") return;
      rmSync(join(folder, name), { force: true });
    }
    if (readLock(path).kind === "stale") rmSync(path, { force: true });
  } catch (error) {
    throw fileError(error, path, "remove the stale lock");
  } finally {
    discardFile(join(folder, own));
  }
}

function parseClaim(text: string | null): Claim | null {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    return null;
  }
  const identity = parseIdentity(value);
  if (identity === null) return null;
  const { command, since, token } = value as Partial<Record<keyof Claim, unknown>>;
  if (typeof command !== "string" || typeof since !== "string" || typeof token !== "string") return null;
  return { ...identity, command, since, token };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw fileError(error, path, "read the lock");
  }
}

function ageMs(path: string): number | null {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

function locked(path: string, holder: Claim | null): PhotosyncError {
  const who =
    holder === null
      ? "Another photosync run"
      : `\`${holder.command}\` (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  const elsewhere = holder !== null && judge(holder) === "elsewhere";
  return new PhotosyncError({
    kind: "busy",
    code: "library.locked",
    message: `${who} is working on this library.`,
    next: [
      "Wait until it has finished, or stop it with Ctrl-C: it continues where it stopped. Then run this command again.",
      ...(elsewhere
        ? [`If that computer is off or the run is long gone, delete ${path} and run again.`]
        : []),
    ],
    data: holder === null ? {} : { pid: holder.pid, host: holder.host, command: holder.command },
  });
}

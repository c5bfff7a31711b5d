import { readFileSync, rmSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { errnoOf, fileError, makeFolderDurably, writeFileDurably } from "../infra/durable-file.js";
import { isOid } from "./git-object.js";
import { currentBoot, isSameBoot } from "./process-identity.js";

/** A range of commits whose working copies were written but may not have reached the disk before a power cut. */
export interface UnsyncedRange {
  readonly since: string;
  /** When the last of its files was written, in ms since 1970: what changed later is the owner's doing. */
  readonly writtenByMs: number;
}

/** The latest commit: `started` from before the branch moves, `finished` once working tree and index have followed. */
export interface CommitJournal {
  readonly state: "started" | "finished";
  readonly base: string;
  readonly commit: string;
  /** The file under `.git` that moves: `refs/heads/main`, or `HEAD`. */
  readonly ref: string;
  readonly boot: string;
  readonly uptimeSeconds: number;
  readonly unsynced: UnsyncedRange | null;
}

/** Every system writes files out well within this time; Linux does after 30 s. */
const flushedAfterSeconds = 300;

/** Null when there is none; `torn` when a crash left something unreadable. */
export function readJournal(dir: string): CommitJournal | "torn" | null {
  let text: string;
  try {
    text = readFileSync(journalPath(dir), "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw fileError(error, journalPath(dir), "read");
  }
  try {
    return parseJournal(JSON.parse(text)) ?? "torn";
  } catch {
    return "torn";
  }
}

/** Notes, durably, that the ref is about to go from `base` to `commit`. Recent commits not surely on disk stay noted. */
export async function beginJournal(
  dir: string,
  move: { readonly base: string; readonly commit: string; readonly ref: string },
): Promise<CommitJournal> {
  const last = readJournal(dir);
  const recent =
    last !== null &&
    last !== "torn" &&
    last.commit === move.base &&
    isSameBoot(last.boot) &&
    uptime() - last.uptimeSeconds < flushedAfterSeconds;
  const journal: CommitJournal = {
    state: "started",
    ...move,
    boot: currentBoot(),
    uptimeSeconds: uptime(),
    unsynced: recent ? last.unsynced : null,
  };
  await writeJournal(dir, journal);
  return journal;
}

/** Notes that the working tree has followed; what is left to do is needed only after a power cut. */
export async function finishJournal(dir: string, journal: CommitJournal, now: Date): Promise<void> {
  await writeJournal(dir, {
    ...journal,
    state: "finished",
    boot: currentBoot(),
    uptimeSeconds: uptime(),
    unsynced: { since: journal.unsynced?.since ?? journal.base, writtenByMs: now.getTime() },
  });
}

/** Takes back a begun journal whose ref did not move; what it knew of earlier commits stays noted. */
export async function abandonJournal(dir: string, journal: CommitJournal): Promise<void> {
  if (journal.unsynced === null) dropJournal(dir);
  else
    await writeJournal(dir, {
      ...journal,
      state: "finished",
      base: journal.unsynced.since,
      commit: journal.base,
    });
}

export function dropJournal(dir: string): void {
  try {
    rmSync(journalPath(dir), { force: true });
  } catch (error) {
    throw fileError(error, journalPath(dir), "remove");
  }
}

async function writeJournal(dir: string, journal: CommitJournal): Promise<void> {
  const path = journalPath(dir);
  try {
    await makeFolderDurably(join(dir, ".photosync", "journal"));
  } catch (error) {
    throw fileError(error, path, "write");
  }
  await writeFileDurably(path, Buffer.from(`${JSON.stringify(journal)}\n`, "utf8"));
}

function journalPath(dir: string): string {
  return join(dir, ".photosync", "journal", "commit.json");
}

function parseJournal(value: unknown): CommitJournal | null {
  if (typeof value !== "object" || value === null) return null;
  const { state, base, commit, ref, boot, uptimeSeconds, unsynced } = value as Partial<
    Record<keyof CommitJournal, unknown>
  >;
  if (state !== "started" && state !== "finished") return null;
  if (typeof base !== "string" || !isOid(base) || typeof commit !== "string" || !isOid(commit)) return null;
  if (typeof ref !== "string" || !/^(HEAD|refs\/(?!.*\.\.)[^\0\\]+)$/.test(ref)) return null;
  if (typeof boot !== "string" || typeof uptimeSeconds !== "number") return null;
  return { state, base, commit, ref, boot, uptimeSeconds, unsynced: parseRange(unsynced) };
}

function parseRange(value: unknown): UnsyncedRange | null {
  if (typeof value !== "object" || value === null) return null;
  const { since, writtenByMs } = value as Partial<Record<keyof UnsyncedRange, unknown>>;
  if (typeof since !== "string" || !isOid(since) || typeof writtenByMs !== "number") return null;
  return { since, writtenByMs };
}

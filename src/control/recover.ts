import { statSync } from "node:fs";
import { join } from "node:path";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type { FileMove, MayReplace } from "./bring-file.js";
import { parentOf } from "./byte-path.js";
import { clearTemps, clearTempsBeside, leftTemp } from "./clear-temps.js";
import {
  abandonJournal,
  type CommitJournal,
  dropJournal,
  finishJournal,
  readJournal,
} from "./commit-journal.js";
import { parseCommit } from "./commit-object.js";
import { GitIndex } from "./git-index.js";
import type { GitIndexFile } from "./git-index-file.js";
import { updatedIndex } from "./git-index-update.js";
import { nullOid } from "./git-object.js";
import type { GitRepository } from "./git-repository.js";
import { clearRefLock, readHead } from "./head.js";
import { mendIndex } from "./mend-index.js";
import { createPacer } from "./pacer.js";
import { isSameBoot } from "./process-identity.js";
import { SideThread } from "./side-thread.js";
import { isTornCopy } from "./torn-copy.js";
import { hasBlob } from "./tree-codec.js";
import { WorkingCopy } from "./working-copy.js";
import { bringAlong } from "./working-tree.js";

/** The steps of `ControlPlane.recover`. Costs a few small reads and the index's checksum when there is nothing to do. */
export async function recoverRepository(
  repository: GitRepository,
  indexFile: GitIndexFile,
  call: Call,
): Promise<{ readonly rolledForward: boolean }> {
  throwIfAborted(call);
  const journal = readJournal(repository.dir);
  const leftLock = indexFile.clearStaleLock();
  if (leftLock || mayHaveBeenCut(journal) || hasLeftTemps(repository)) clearTemps(repository);
  if (journal !== null && journal !== "torn") clearRefLock(repository.gitDir, journal.ref, journal.commit);
  await mendIndex(repository, indexFile, call);
  if (journal === "torn") dropJournal(repository.dir);
  if (journal === "torn" || journal === null) return { rolledForward: false };
  return { rolledForward: await replay({ repository, indexFile, call }, journal) };
}

/** After a power cut every sign of a commit but its unfinished objects may be lost: those are looked for once a boot. */
const mayHaveBeenCut = (journal: CommitJournal | "torn" | null): boolean =>
  journal === null || journal === "torn" || journal.state === "started" || !isSameBoot(journal.boot);

/** A commit takes part of a second, and all of a range follow each other within minutes; more is a history rewritten by hand. */
const mostUnsynced = 1000;

/** A kill may come before the journal or a lock stands under its name. */
const hasLeftTemps = ({ dir, gitDir }: GitRepository): boolean =>
  [gitDir, join(dir, ".photosync"), join(dir, ".photosync", "journal")].some(leftTemp);

interface Tools {
  readonly repository: GitRepository;
  readonly indexFile: GitIndexFile;
  readonly call: Call;
}

/** True when something was, or had to be, done for the commit at HEAD. */
async function replay(tools: Tools, journal: CommitJournal): Promise<boolean> {
  const { dir, gitDir } = tools.repository;
  const powerCut = !isSameBoot(journal.boot);
  const started = journal.state === "started";
  if (!started && !powerCut) return false;
  const { revision } = await readHead(gitDir);
  if (revision !== journal.commit && revision !== journal.base) {
    // The owner has committed or moved on with Git: the working tree is theirs by now.
    dropJournal(dir);
    return false;
  }
  const completes = started && revision === journal.commit;
  const redone: Redone[] = [];
  if (powerCut && journal.unsynced !== null) {
    const { since, writtenByMs } = journal.unsynced;
    const ours = completes ? await foldersOf(tools, journal) : new Set<string>();
    const mayReplace = afterPowerCut(tools.repository, writtenByMs, ours);
    // A copy may be at any version it had in the range, so each is taken for the old one in turn.
    for (const from of revisionsBack(tools.repository, revision, since)) {
      redone.push(await redo(tools, from, revision, mayReplace));
    }
  }
  if (completes) {
    await proveObjects(tools, journal);
    redone.push(await redo(tools, journal.base, revision, afterKill(tools.repository)));
  }
  // Only now: it changes the times of folders, which tell what the owner has deleted.
  for (const { moves } of redone) clearTempsBeside(dir, moves);
  const changed = redone.reduce((sum, one) => sum + one.changed, 0);
  if (completes || (changed > 0 && revision === journal.commit))
    await finishJournal(dir, journal, new Date());
  else if (revision === journal.base) await abandonJournal(dir, journal);
  else dropJournal(dir);
  return completes || changed > 0;
}

/** The first parents of `revision` as far as `since`, that one included. */
function revisionsBack({ objects }: GitRepository, revision: string, since: string): readonly string[] {
  const found: string[] = [];
  for (let at = revision; at !== since && at !== nullOid && found.length < mostUnsynced; ) {
    at = parseCommit(objects.read(at, "commit"), at).parents[0] ?? nullOid;
    found.push(at);
  }
  return found;
}

interface Redone {
  readonly moves: readonly FileMove[];
  readonly changed: number;
}

/** Brings the files that differ between two revisions to the second one, where `mayReplace` sees no edit of the owner. */
async function redo(tools: Tools, from: string, to: string, mayReplace: MayReplace): Promise<Redone> {
  const { repository, indexFile } = tools;
  const moves = await movesBetween(tools, from, to);
  const lock = indexFile.lock();
  try {
    const index = indexFile.load() ?? GitIndex.empty();
    const contentOf = (oid: string) => repository.objects.read(oid, "blob");
    const how = { mayReplace, trustStat: false, contentOf };
    const { updates, changed } = await bringAlong(repository, index, moves, how, new SideThread());
    await lock.replace(updatedIndex(index, updates));
    return { moves, changed };
  } finally {
    lock.release();
  }
}

async function movesBetween(
  { repository, call }: Tools,
  from: string,
  to: string,
): Promise<readonly FileMove[]> {
  const { trees } = repository;
  const pace = createPacer(call);
  const moves: FileMove[] = [];
  for (const { path, before, after } of trees.diff(trees.rootOf(from), trees.rootOf(to), "")) {
    await pace();
    if ((before === null || hasBlob(before)) && (after === null || hasBlob(after))) {
      moves.push({ path, from: before, to: after });
    }
  }
  // The diff is in the order of trees, the index in that of paths: "a.b" and "a/b" may stand the other way round.
  return moves.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folders in which a commit that was cut short has made or removed names. */
async function foldersOf(tools: Tools, { base, commit }: CommitJournal): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  for (const { path } of await movesBetween(tools, base, commit)) {
    let at = path;
    do {
      at = parentOf(at);
      folders.add(at);
    } while (at !== "");
  }
  return folders;
}

/** They were durable before the branch moved; a disk may lie. Throws `library.damaged`. */
async function proveObjects(tools: Tools, journal: CommitJournal): Promise<void> {
  const pace = createPacer(tools.call);
  for (const { to } of await movesBetween(tools, journal.base, journal.commit)) {
    await pace();
    if (to !== null) tools.repository.objects.read(to.oid, "blob");
  }
}

/** After a kill, a copy is at the old version, missing, torn, or the owner's. */
function afterKill(repository: GitRepository): MayReplace {
  const working = new WorkingCopy(repository.dir, GitIndex.empty());
  return (move, copy, oid) => {
    if (copy.kind !== "file") return copy.kind === "absent";
    const written = { path: move.path, oid: move.to?.oid ?? null };
    return oid === (move.from?.oid ?? null) || isTornCopy(repository, working, written, copy.stat);
  };
}

/**
 * After a power cut long past the commit, the owner may have put an old version back, or deleted the file, on purpose. Only
 * what was last touched before our writing ended can be a write that never reached the disk. In folders that a later commit was
 * writing to (`ours`) the time tells nothing; there a missing file is brought back, for a deletion can be repeated.
 */
function afterPowerCut(
  repository: GitRepository,
  writtenByMs: number,
  ours: ReadonlySet<string>,
): MayReplace {
  const working = new WorkingCopy(repository.dir, GitIndex.empty());
  const folders = new Map<string, boolean>();
  const isUntouched = (path: string) => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const stat = statSync(working.absolute(path), { throwIfNoEntry: false });
    const answer = stat === undefined || stat.ctimeMs <= writtenByMs;
    folders.set(path, answer);
    return answer;
  };
  return (move, copy, oid) => {
    // Asked before anything is written there: the first file that is restored makes its folder look touched.
    const folder = parentOf(move.path);
    const inUntouched = isUntouched(folder) || ours.has(folder);
    if (copy.kind === "other") return false;
    if (copy.kind === "absent") return inUntouched;
    if (copy.stat.ctimeMs > BigInt(Math.ceil(writtenByMs))) return false;
    const { path, from, to } = move;
    // The old version may itself have been written shortly before, and torn, when the new one lost its name.
    return (
      oid === (from?.oid ?? null) ||
      isTornCopy(repository, working, { path, oid: to?.oid ?? null }, copy.stat) ||
      isTornCopy(repository, working, { path, oid: from?.oid ?? null }, copy.stat)
    );
  };
}

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openCatalog } from "../control/catalog.js";
import { readJournal } from "../control/commit-journal.js";
import { type LibraryConfig, loadConfig } from "../control/config.js";
import { damaged, nullOid } from "../control/git-object.js";
import { indexError } from "../control/index-writes.js";
import { indexFolder, type LocalIndex, openLocalIndex } from "../control/local-index.js";
import { isSameBoot } from "../control/process-identity.js";
import { acquireLock, isLockLeft } from "../control/process-lock.js";
import { documentsAt } from "../control/records.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import { spareHeapFor } from "../infra/spare-heap.js";
import type { Catalog, Documents } from "../ports/catalog.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { formatMessage, type OperationMessage } from "./operation-message.js";

/** A library as one operation sees it: one revision, its catalog, its configuration. */
export interface Session {
  readonly libraryRoot: string;
  readonly control: ControlPlane;
  readonly index: LocalIndex;
  readonly config: LibraryConfig;
  readonly catalog: Catalog;
  readonly documents: Documents;
}

export type SessionMode =
  /** Takes the lock; finishes what an interrupted run left; may commit. */
  | "write"
  /** Reads; takes no lock, keeps the index fresh. */
  | "read"
  /** A dry run: reads, and writes nothing under the library, not even its caches. */
  | "scratch";

/**
 * Runs `use` with the library opened in `mode`, and closes it afterwards. Throws `library.locked` (busy) in mode
 * `write` when another run holds the lock, `library.damaged` when HEAD has no commit, and whatever opening Git, the index or the configuration throws.
 */
export async function withSession<T>(
  libraryRoot: string,
  control: ControlPlane,
  command: string,
  mode: SessionMode,
  run: Run,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const lock = mode === "write" ? await acquireLock(libraryRoot, command) : null;
  try {
    if (lock !== null) await control.recover(run);
    const config = await loadConfig(libraryRoot);
    const index = await openLocalIndex(libraryRoot, {
      scratch: mode === "scratch",
      reading: mode === "read",
    });
    try {
      const revision = await control.head();
      // A library has its first commit from `init` on. Taken for an empty one, it would begin a history of its own.
      if (revision === nullOid) throw damaged("HEAD names a branch that has no commit");
      const catalog = await openCatalog(index, control, revision, run);
      spareHeapFor(catalog.sums().photos);
      return await use({
        libraryRoot,
        control,
        index,
        config,
        catalog,
        documents: documentsAt(control, revision),
      });
    } finally {
      await index.close();
    }
  } catch (error) {
    throw await indexError(error, indexFolder(libraryRoot), { keep: mode === "scratch" });
  } finally {
    await lock?.release();
  }
}

/** How many photos' edits are checked against the working tree at once. */
const CHECK_BATCH = 500;

/**
 * The edits of groups (one photo each) whose files the owner has no uncommitted changes in. The others are left
 * out whole, and reported: what the owner wrote is neither swept into a commit nor lost.
 */
export async function* sparingOwnersEdits(
  control: ControlPlane,
  groups: AsyncIterable<readonly FileEdit[]>,
  onSpared: (failure: Failure, group: readonly FileEdit[]) => void,
): AsyncIterable<FileEdit> {
  let batch: (readonly FileEdit[])[] = [];
  async function* flush(): AsyncIterable<FileEdit> {
    const states = await control.workingState(batch.flatMap((group) => group.map((edit) => edit.path)));
    for (const group of batch) {
      const touched = group.find((edit) => {
        const state = states.get(edit.path) ?? "absent";
        return state !== "clean" && state !== "absent";
      });
      if (touched === undefined) yield* group;
      else onSpared(uncommittedEdit(touched.path), group);
    }
    batch = [];
  }
  for await (const group of groups) {
    batch.push(group);
    if (batch.length >= CHECK_BATCH) yield* flush();
  }
  yield* flush();
}

/** The failure for a document that the owner has uncommitted changes in. */
export const uncommittedEdit = (path: string): Failure => ({
  subject: path,
  code: "document.uncommitted-edit",
  message: `${path} has changes of yours that are not committed, so this run left it alone.`,
  hint: `Keep them with: git add ${path} && git commit; or drop them with: git checkout HEAD -- ${path}; then run the command again.`,
});

/**
 * Makes the operation's one commit and brings the index along. Returns the new revision, or null when nothing changed, which
 * is a commit only with `evenIfSame`. `message` is asked for after the edits have been consumed. Throws `library.diverged`
 * (busy) when somebody committed meanwhile.
 */
export async function commitOperation(
  session: Session,
  edits: AsyncIterable<FileEdit> | Iterable<FileEdit>,
  message: () => Omit<OperationMessage, "runId" | "base">,
  run: Run,
  { evenIfSame = false }: { readonly evenIfSame?: boolean } = {},
): Promise<string | null> {
  const base = session.catalog.revision;
  const text = () => formatMessage({ ...message(), base, runId: randomUUID() });
  const outcome = await session.control.commit(base, edits, text, { signal: run.signal, evenIfSame });
  if (outcome.kind === "same") return null;
  if (outcome.kind === "diverged") {
    throw new PhotosyncError({
      kind: "busy",
      code: "library.diverged",
      message:
        outcome.paths.length === 0
          ? "Somebody committed to the library while this run was at work, so nothing was written."
          : `These files were changed while this run was at work, so nothing was written: ${outcome.paths.slice(0, 5).join(", ")}.`,
      next: ["Run the command again."],
    });
  }
  await openCatalog(session.index, session.control, outcome.revision, run);
  return outcome.revision;
}

/** True when a commit was begun and not ended, files may have been lost to a power cut, or a lock was left. */
function isUnfinished(libraryRoot: string): boolean {
  if (existsSync(join(libraryRoot, ".git", "index.lock")) || isLockLeft(libraryRoot)) return true;
  const journal = readJournal(libraryRoot);
  if (journal === null) return false;
  return journal === "torn" || journal.state === "started" || !isSameBoot(journal.boot);
}

/**
 * Finishes what a killed run left, when there is anything to finish and nobody else is at it: commands that only read
 * leave a clean working tree behind, too. Never waits and never fails because the library is busy or read-only.
 */
export async function finishInterrupted(libraryRoot: string, control: ControlPlane, run: Run): Promise<void> {
  if (!isUnfinished(libraryRoot)) return;
  try {
    const lock = await acquireLock(libraryRoot, "recover");
    try {
      await control.recover(run);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!(error instanceof PhotosyncError) || (error.kind !== "busy" && error.code !== "library.read-only"))
      throw error;
  }
}

import { PhotosyncError } from "../domain/errors.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { operationsOf } from "./log.js";
import { movesBetween, type Revisions, restore } from "./restore.js";
import type { OperationSummary, UndoResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";

/**
 * Takes one operation back by a new commit: the given one, else the newest that is no undo and not undone. Blobs stay.
 * All or nothing: throws `undo.clash` (conflict) when a later operation built on what would be taken back, and
 * `undo.nothing`, `undo.unknown-operation`, `undo.first-commit`, `undo.already` (user).
 */
export function undo(
  libraryRoot: string,
  control: ControlPlane,
  operation: string | undefined,
  options: { readonly dryRun: boolean },
  run: Run,
): Promise<UndoResult> {
  const mode = options.dryRun ? "scratch" : "write";
  return withSession(libraryRoot, control, "undo", mode, run, (session) =>
    undoIn(session, operation, options.dryRun, run),
  );
}

function choose(operations: readonly OperationSummary[], wanted: string | undefined): OperationSummary {
  const refuse = (code: string, message: string): never => {
    throw new PhotosyncError({
      kind: "user",
      code,
      message,
      next: ["See the operations with: photosync log"],
    });
  };
  if (wanted === undefined) {
    const newest = operations.find(
      (each) => each.undone_by === null && each.command !== "undo" && each.command !== "init",
    );
    return newest ?? refuse("undo.nothing", "There is no operation to undo.");
  }
  const matching = /^[0-9a-f]{4,40}$/.test(wanted)
    ? operations.filter((each) => each.revision.startsWith(wanted))
    : [];
  const [only] = matching;
  if (only === undefined || matching.length > 1) {
    return refuse(
      "undo.unknown-operation",
      `${wanted} names ${only === undefined ? "no operation" : "several operations"}.`,
    );
  }
  if (only.undone_by !== null) {
    return refuse(
      "undo.already",
      `Operation ${only.id} was already undone by ${only.undone_by.slice(0, 12)}.`,
    );
  }
  return only;
}

async function undoIn(
  session: Session,
  wanted: string | undefined,
  dryRun: boolean,
  run: Run,
): Promise<UndoResult> {
  const { control, libraryRoot, catalog, index } = session;
  const operations = await operationsOf(control, run);
  const target = choose(operations, wanted);
  const before = await parentOf(control, target, run);
  const at: Revisions = { before, after: target.revision, current: catalog.revision };

  const moves = await movesBetween(control, at, run);
  const clashes: string[] = [];
  const counts = { restored: 0, removed: 0, recreated: 0, kept_narrower: 0 };
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const change of control.changes(at.before, at.after, "", run)) {
      const move = moves.get(change.path);
      if (move !== undefined && change.after === null) continue;
      const result = await restore(session, { ...change, ...move }, at);
      if (result.kind === "clash") clashes.push(change.path);
      if (result.kind !== "edit") continue;
      if (change.path.startsWith("photos/")) {
        if (move === undefined && change.before === null) counts.removed += 1;
        else if (change.after === null) counts.recreated += 1;
        else counts.restored += 1;
        if (result.keptNarrower) counts.kept_narrower += 1;
      }
      yield result.edits;
    }
  }
  const edits: FileEdit[] = [];
  const spared: string[] = [];
  for await (const edit of sparingOwnersEdits(control, groups(), (failure) => spared.push(failure.subject)))
    edits.push(edit);
  if (clashes.length > 0) throw clashError(target, operations, clashes);
  if (spared.length > 0) {
    throw new PhotosyncError({
      kind: "user",
      code: "undo.uncommitted-edit",
      message: `Nothing was undone: you have uncommitted changes in ${spared.slice(0, 3).join(", ")}.`,
      next: ["Commit or drop them with git, then run the command again."],
    });
  }
  index.merged.clearSync();
  const summary = `${target.command} ${target.id} (${target.summary})`;
  const commit = dryRun
    ? null
    : await commitOperation(
        session,
        edits,
        () => ({ command: "undo", summary, undoes: target.revision }),
        run,
      );
  const failures = catalog.invalid();
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit,
    counts,
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    undone: target,
  };
}

async function parentOf(control: ControlPlane, target: OperationSummary, run: Run): Promise<string> {
  for await (const commit of control.history(target.revision, run)) {
    const [first, second] = commit.parents;
    if (first !== undefined && second === undefined) return first;
    break;
  }
  throw new PhotosyncError({
    kind: "user",
    code: "undo.first-commit",
    message: `Operation ${target.id} is the library's beginning or a merge; it cannot be taken back.`,
    next: ["See the operations with: photosync log"],
  });
}

function clashError(
  target: OperationSummary,
  operations: readonly OperationSummary[],
  clashes: readonly string[],
): Error {
  const position = operations.findIndex((each) => each.revision === target.revision);
  const later = operations
    .slice(0, position)
    .filter((each) => each.undone_by === null && each.command !== "undo");
  return new PhotosyncError({
    kind: "conflict",
    code: "undo.clash",
    message: `Nothing was undone: later operations changed ${clashes.length} of the documents that ${target.command} ${target.id} wrote.`,
    next:
      later.length === 0
        ? ["See the operations with: photosync log"]
        : [`Undo these first: ${later.map((each) => `photosync undo ${each.id}`).join("; ")}`],
    data: { documents: clashes.length },
  });
}

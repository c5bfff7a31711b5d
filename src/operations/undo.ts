import { parsePhoto } from "../control/records.js";
import { readTombstones } from "../control/tombstones.js";
import { PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import { forgottenHashes, tombstonePath } from "../domain/tombstone.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { forgetRecorded } from "./forget-recorded.js";
import { operationsOf } from "./log.js";
import { replay, type Touch } from "./replay.js";
import type { OperationSummary, UndoResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
import { subjectChanges } from "./subject-changes.js";
import { type ReplayStep, type UndoRange, undoRange } from "./undo-range.js";

/**
 * Takes one operation back by a new commit, even where no file changes: the given one, else the newest that is no undo and not undone. Blobs stay.
 * What the library becomes depends on which operations stand, and not on the order in which the others were undone. All or
 * nothing: throws `undo.clash` (conflict, with the operations to undo first) when a later operation built on what would be
 * taken back, `undo.uncommitted-edit` (user) where the owner is editing one of the files, and `undo.nothing`, `undo.unknown-operation`, `undo.first-commit`, `undo.already` (user).
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

/**
 * The touched files of the undone operation, each with all that the range did to it, one at a time. What `forgotten` names is left out:
 * no undo brings a forgotten photo back.
 */
async function* touchedFiles(
  control: ControlPlane,
  { steps, toggled }: UndoRange,
  forgotten: ReadonlySet<string>,
  run: Run,
): AsyncIterable<readonly Touch[]> {
  const step = steps[toggled];
  if (step === undefined) return;
  const changesOf = (one: ReplayStep) => subjectChanges(control, one.parent, one.operation.revision, run);
  if (steps.length === 1) {
    for await (const change of changesOf(step))
      if (!forgotten.has(change.subject)) yield [{ ...change, step }];
    return;
  }
  // Some 200 bytes for each file and operation: far less than the documents themselves.
  const touches = new Map<string, Touch[]>();
  for await (const { subject } of changesOf(step)) if (!forgotten.has(subject)) touches.set(subject, []);
  for (const each of steps) {
    for await (const { subject, before, after } of changesOf(each))
      touches.get(subject)?.push({ step: each, before, after });
  }
  yield* touches.values();
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
  refuseForgetting(target);
  const tombstones = await readTombstones(control, catalog.revision, run);
  const forgotten = new Set(tombstones.flatMap(({ photo_id }) => [photo_id, tombstonePath(photo_id)]));
  const forgottenBytes = forgottenHashes(tombstones);
  await refuseMerge(control, target, run);
  const range = undoRange(operations, target) ?? refuseFirst(target);
  if (!dryRun) await forgetRecorded(session, run);

  const inTheWay = new Set<OperationSummary>();
  let clashes = 0;
  const spared: string[] = [];
  const counts = { restored: 0, removed: 0, recreated: 0, kept_narrower: 0 };
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const touches of touchedFiles(control, range, forgotten, run)) {
      const result = await replay(control, touches);
      if (result.kind === "clash") {
        clashes += 1;
        for (const { operation } of result.steps) inTheWay.add(operation);
      }
      if (result.kind === "nothing" && result.keptNarrower) counts.kept_narrower += 1;
      if (result.kind !== "edit" || hasBytesOf(forgottenBytes, result.edits)) continue;
      if (result.change !== null) {
        counts[result.change.kind] += 1;
        if (result.change.keptNarrower) counts.kept_narrower += 1;
      }
      yield result.edits;
    }
  }
  // A refusal ends the stream by an error, before anything of it is committed: so the edits need not be held until it is sure.
  async function* edits(): AsyncIterable<FileEdit> {
    yield* sparingOwnersEdits(control, groups(), (failure) => spared.push(failure.subject));
    if (clashes > 0) throw clashError(target, operations, inTheWay, clashes);
    if (spared.length > 0) throw uncommittedError(spared);
    if (!dryRun) index.merged.clearSync();
  }
  const summary = `${target.command} ${target.id} (${target.summary})`;
  const message = () => ({ command: "undo" as const, summary, undoes: target.revision });
  let commit: string | null = null;
  if (dryRun) for await (const _ of edits());
  // Recorded even where no file differs now: what a later undo makes of the library depends on what stands.
  else commit = await commitOperation(session, edits(), message, run, { evenIfSame: true });
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

/** True where a document that would be written has forgotten bytes: those of a photo that had been joined to the one that was forgotten. */
const hasBytesOf = (gone: ReadonlyMap<ContentHash, unknown>, edits: readonly FileEdit[]): boolean =>
  gone.size > 0 &&
  edits.some(({ path, bytes }) => {
    if (bytes === null || !path.startsWith("photos/")) return false;
    const read = parsePhoto(path, bytes);
    if (read.kind !== "ok") return false;
    const { content_hash, variants = [] } = read.document;
    return [content_hash, ...variants.map((one) => one.content_hash)].some((hash) => gone.has(hash));
  });

async function refuseMerge(control: ControlPlane, target: OperationSummary, run: Run): Promise<void> {
  for await (const commit of control.history(target.revision, run)) {
    if (commit.parents.length === 1) return;
    break;
  }
  refuseFirst(target);
}

function refuseForgetting(target: OperationSummary): void {
  if (target.command !== "forget") return;
  throw new PhotosyncError({
    kind: "user",
    code: "undo.forgotten",
    message: `Operation ${target.id} made the library forget a photo; its bytes are gone, so it cannot be taken back.`,
    next: ["Undo an earlier operation by its id: photosync log"],
  });
}

function refuseFirst(target: OperationSummary): never {
  throw new PhotosyncError({
    kind: "user",
    code: "undo.first-commit",
    message: `Operation ${target.id} is the library's beginning or a merge; it cannot be taken back.`,
    next: ["See the operations with: photosync log"],
  });
}

const uncommittedError = (spared: readonly string[]): Error =>
  new PhotosyncError({
    kind: "user",
    code: "undo.uncommitted-edit",
    message: `Nothing was undone: you have uncommitted changes in ${spared.slice(0, 3).join(", ")}.`,
    next: ["Commit or drop them with git, then run the command again."],
  });

/** Names, newest first, the operations that build on what would be gone: with those undone, the target can be. */
function clashError(
  target: OperationSummary,
  operations: readonly OperationSummary[],
  inTheWay: ReadonlySet<OperationSummary>,
  clashes: number,
): Error {
  const first = operations.filter((each) => inTheWay.has(each));
  return new PhotosyncError({
    kind: "conflict",
    code: "undo.clash",
    message: `Nothing was undone: later operations changed ${clashes} of the documents that ${target.command} ${target.id} wrote.`,
    next:
      first.length === 0
        ? ["See the operations with: photosync log"]
        : [`Undo these first: ${first.map((each) => `photosync undo ${each.id}`).join("; ")}`],
    data: { documents: clashes, operations: first.map((each) => each.id).join(" ") },
  });
}

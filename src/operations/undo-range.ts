import type { OperationSummary } from "./results.js";

/** One operation of a replay. */
export interface ReplayStep {
  readonly operation: OperationSummary;
  /** The commit before it. */
  readonly parent: string;
  /** `stands`: its changes are made again; `undone`: they are left out; `undo`: it only left others out or took them back in. */
  readonly role: "stands" | "undone" | "undo";
}

/** The part of a library's history that an undo has to look at, oldest first. */
export interface UndoRange {
  readonly steps: readonly ReplayStep[];
  /** Position of the operation whose changes go (or come back, when an undo is undone). */
  readonly toggled: number;
}

/** The operation that an undo, an undo of an undo, and so on is about. */
function rootOf(
  operation: OperationSummary,
  byRevision: ReadonlyMap<string, OperationSummary>,
): OperationSummary {
  let root = operation;
  // A commit can only name earlier ones, but a message written by hand may name anything.
  for (const seen = new Set<string>(); root.undoes !== null && !seen.has(root.revision); ) {
    seen.add(root.revision);
    const next = byRevision.get(root.undoes);
    if (next === undefined) break;
    root = next;
  }
  return root;
}

/**
 * What stands when `target` is undone, of `operations` (newest first, first parents). The range begins with the oldest operation
 * that the target, or any undo inside the range, is about: before it, the library is as its standing operations left
 * it, and after it each operation's changes can be made again or left out. Null when the range would begin with the first commit.
 */
export function undoRange(
  operations: readonly OperationSummary[],
  target: OperationSummary,
): UndoRange | null {
  const byRevision = new Map(operations.map((each) => [each.revision, each]));
  const position = new Map(operations.map((each, at) => [each.revision, at]));
  const roots = operations.map((each) => rootOf(each, byRevision));
  const rootAt = (at: number): number => position.get(roots[at]?.revision ?? "") ?? at;
  const targetAt = position.get(target.revision) ?? 0;
  let oldest = rootAt(targetAt);
  for (let at = 0; at <= oldest; at++) oldest = Math.max(oldest, rootAt(at));
  const undone = new Set([target.revision]);
  for (const { revision, undoes } of operations)
    if (undoes !== null && !undone.has(revision)) undone.add(undoes);
  const steps: ReplayStep[] = [];
  for (let at = oldest; at >= 0; at--) {
    const operation = operations[at];
    const parent = operations[at + 1]?.revision;
    if (operation === undefined || parent === undefined) return null;
    const isUndo = rootAt(at) !== at;
    const role = isUndo ? "undo" : undone.has(operation.revision) ? "undone" : "stands";
    steps.push({ operation, parent, role });
  }
  return { steps, toggled: oldest - rootAt(targetAt) };
}

import type { ServiceSyncState, SyncState } from "../control/config.js";
import { syncStateEdit } from "../control/config.js";
import type { Failure } from "../domain/errors.js";
import { toPortable } from "../infra/portable-path.js";
import type { DiscoverResultStep, DiscoverStep } from "../phases/discover/seen.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import type { Root } from "./classify-path.js";
import { type MergedInto, rememberMerged } from "./merged-findings.js";
import { commitOperation, type Session, sparingOwnersEdits } from "./session.js";
import type { StreamAccounts } from "./stream-accounts.js";

/** What a commit of findings came to, beside what the plan says. */
export interface Performed {
  readonly commit: string | null;
  readonly report: string | null;
  readonly missedNew: number;
  readonly missedUpdates: number;
}

/**
 * Carries out a plan and commits what it gives, with the sync state and the report, and remembers which documents hold which
 * findings. What the owner is editing is left out and told in `failures`.
 */
export async function commitFound(
  session: Session,
  plan: Plan<DiscoverStep>,
  results: AsyncIterable<DiscoverResultStep>,
  roots: readonly Root[],
  accounts: StreamAccounts,
  failures: Failure[],
  run: Run,
): Promise<Performed> {
  const { index, config, control, libraryRoot } = session;
  const now = run.clock.now();
  for (const root of roots) index.checked.putSync(`discover ${root.service}`, now);
  const isNothingNew = plan.steps.length === 0;
  if (isNothingNew && config.syncStateFailure === undefined)
    return { commit: null, report: null, missedNew: 0, missedUpdates: 0 };

  const merged: MergedInto[] = [];
  const newPaths = new Set<string>();
  let missedNew = 0;
  let missedUpdates = 0;
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const miss = (step: string) => {
    if (actions.get(step) === "create-photo") missedNew += 1;
    else missedUpdates += 1;
  };
  await accounts.settled();
  const reportEdit = accounts.report(now.slice(0, 10));
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const result of results) {
      if (result.failure !== undefined) failures.push(result.failure);
      if (result.outcome !== "done") {
        miss(result.step);
        continue;
      }
      if (actions.get(result.step) === "create-photo")
        for (const { path } of result.edits) newPaths.add(path);
      const path = result.edits.at(-1)?.path;
      if (path !== undefined) merged.push({ path, merged: result.merged });
      yield result.edits;
    }
  }
  async function* bookkeeping(): AsyncIterable<readonly FileEdit[]> {
    yield [syncStateEdit(advanced(config.syncState, roots, libraryRoot, now))];
    if (reportEdit !== null) yield [reportEdit];
  }
  const spared = new Set<string>();
  const onSpared = (failure: Failure, group: readonly FileEdit[]) => {
    failures.push(failure);
    for (const { path } of group) spared.add(path);
    if (group.some(({ path }) => path.startsWith("photos/"))) {
      if (group.some(({ path }) => newPaths.has(path))) missedNew += 1;
      else missedUpdates += 1;
    }
  };
  async function* edits(): AsyncIterable<FileEdit> {
    yield* sparingOwnersEdits(control, groups(), onSpared);
    // Where every document was left alone there is nothing that the sync state and the report could speak of.
    if (isNothingNew || missedNew + missedUpdates < plan.steps.length) {
      yield* sparingOwnersEdits(control, bookkeeping(), onSpared);
    }
  }
  const message = () => {
    const created = [...actions.values()].filter((action) => action === "create-photo").length - missedNew;
    const updated =
      plan.steps.length - [...actions.values()].filter((a) => a === "create-photo").length - missedUpdates;
    const where = [...new Set(roots.map((root) => root.service))].sort().join(", ");
    return {
      command: "discover" as const,
      summary: `${created} new, ${updated} updated from ${where}`,
      planDigest: plan.digest,
      ...(reportEdit === null ? {} : { report: reportEdit.path }),
    };
  };
  const commit = await commitOperation(session, edits(), message, run);
  if (commit !== null && spared.size === 0) rememberMerged(index, merged);
  return { commit, report: commit === null ? null : (reportEdit?.path ?? null), missedNew, missedUpdates };
}

/** The sync state after these roots have been read and what they showed is committed. */
function advanced(state: SyncState, roots: readonly Root[], libraryRoot: string, now: string): SyncState {
  const services: Record<string, ServiceSyncState> = { ...state.services };
  for (const { service, path, kind } of roots) {
    const known = services[service] ?? { last_discover: now, roots: {} };
    services[service] = {
      ...known,
      last_discover: now,
      roots: { ...known.roots, [toPortable(libraryRoot, path)]: { kind, last_discover: now } },
    };
  }
  return { ...state, services };
}

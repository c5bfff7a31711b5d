import type { ServiceSyncState, SyncState } from "../control/config.js";
import { syncStateEdit } from "../control/config.js";
import type { Failure } from "../domain/errors.js";
import { toPortable } from "../infra/portable-path.js";
import type { DiscoverPhase } from "../phases/discover/discover-phase.js";
import type { DiscoverResultStep, DiscoverStep } from "../phases/discover/seen.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import type { Root } from "./classify-path.js";
import { foreseenResults, ownersFiles } from "./foresee-spared.js";
import { type MergedInto, rememberMerged } from "./merged-findings.js";
import type { LiveAccounts } from "./no-accounts.js";
import { commitOperation, type Session, sparingOwnersEdits } from "./session.js";
import type { StreamAccounts } from "./stream-accounts.js";

/** What a commit of findings came to, beside what the plan says. */
export interface Performed {
  readonly commit: string | null;
  readonly report: string | null;
  readonly missedNew: number;
  readonly missedUpdates: number;
}

/** What a run of discover writes, one photo after another, and what of it turned out not to be written. */
interface FoundEdits {
  edits(): AsyncIterable<FileEdit>;
  readonly report: string | null;
  readonly merged: readonly MergedInto[];
  readonly spared: ReadonlySet<string>;
  missed(): Missed;
}

/** Steps of a plan that came to nothing. */
export interface Missed {
  readonly missedNew: number;
  readonly missedUpdates: number;
}

interface FoundWork {
  readonly roots: readonly Root[];
  readonly accounts: StreamAccounts;
  /** Accounts of services that were read. */
  readonly live: Pick<LiveAccounts, "names" | "advanced">;
  /** True where a document could not be brought up to date: what it lacks must be told again. */
  readonly isLacking: () => boolean;
  /** What the owner is editing is left out and told here. */
  readonly failures: Failure[];
}

/** The edits of a plan's results, and of the books kept on them: nothing is written until they are committed. */
async function foundEdits(
  { config, control, libraryRoot }: Session,
  plan: Plan<DiscoverStep>,
  results: AsyncIterable<DiscoverResultStep>,
  { roots, accounts, live, isLacking, failures }: FoundWork,
  now: string,
): Promise<FoundEdits> {
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
    const isClean = isAllWritten(plan, { missedNew, missedUpdates }, isLacking);
    const state = advanced(config.syncState, roots, libraryRoot, now);
    yield [syncStateEdit(live.advanced(state, now, isClean))];
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
    if (plan.steps.length === 0 || missedNew + missedUpdates < plan.steps.length) {
      yield* sparingOwnersEdits(control, bookkeeping(), onSpared);
    }
  }
  return {
    edits,
    report: reportEdit?.path ?? null,
    merged,
    spared,
    missed: () => ({ missedNew, missedUpdates }),
  };
}

/** True where all that a run found is written, so that nothing of it has to be told again. */
export const isAllWritten = (
  plan: Plan<DiscoverStep>,
  { missedNew, missedUpdates }: Missed,
  isLacking: FoundWork["isLacking"],
): boolean => missedNew + missedUpdates + plan.held.length === 0 && !isLacking();

/** True where a run has nothing to write, not even its books. */
const isNothingToDo = ({ config }: Session, plan: Plan<DiscoverStep>): boolean =>
  plan.steps.length === 0 && config.syncStateFailure === undefined;

/**
 * Carries out a plan and commits what it gives, with the sync state and the report, and remembers which documents hold which
 * findings.
 */
export async function commitFound(
  session: Session,
  plan: Plan<DiscoverStep>,
  results: AsyncIterable<DiscoverResultStep>,
  work: FoundWork,
  run: Run,
): Promise<Performed> {
  const { index } = session;
  const { roots, live } = work;
  const now = run.clock.now();
  const services = [...new Set([...roots.map(({ service }) => service), ...live.names])].sort();
  for (const service of services) index.checked.putSync(`discover ${service}`, now);
  if (isNothingToDo(session, plan)) return { commit: null, report: null, missedNew: 0, missedUpdates: 0 };
  const found = await foundEdits(session, plan, results, work, now);
  const message = () => {
    const { missedNew, missedUpdates } = found.missed();
    const planned = plan.steps.filter((step) => step.action === "create-photo").length;
    const created = planned - missedNew;
    const updated = plan.steps.length - planned - missedUpdates;
    const where = services.join(", ");
    return {
      command: "discover" as const,
      summary: `${created} new, ${updated} updated from ${where}`,
      planDigest: plan.digest,
      ...(found.report === null ? {} : { report: found.report }),
    };
  };
  const commit = await commitOperation(session, found.edits(), message, run);
  if (commit !== null && found.spared.size === 0) rememberMerged(index, found.merged);
  return { commit, report: commit === null ? null : found.report, ...found.missed() };
}

/** What `commitFound` would leave out of this plan because the owner is at work on it; writes nothing. */
export async function foreseeMissed(
  session: Session,
  phase: Pick<DiscoverPhase, "execute">,
  plan: Plan<DiscoverStep>,
  work: FoundWork,
  run: Run,
): Promise<Missed> {
  const nothing = { missedNew: 0, missedUpdates: 0 };
  if (isNothingToDo(session, plan)) return nothing;
  const owners = await ownersFiles(session.control, run);
  if (owners.size === 0) return nothing;
  const photosOf = ({ photo_id, folds }: DiscoverStep) => [
    photo_id,
    ...folds.map((folded) => folded.photo_id),
  ];
  const results = foreseenResults(phase, plan, photosOf, owners, run);
  const found = await foundEdits(session, plan, results, work, run.clock.now());
  for await (const _ of found.edits());
  return found.missed();
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

import type { Failure } from "../domain/errors.js";
import { ResolvePhase, type ResolveResultStep, type ResolveSeen } from "../phases/resolve/resolve-phase.js";
import { runPhase } from "../phases/run-phase.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { foreseenResults, ownersFiles } from "./foresee-spared.js";
import type { ResolveOptions } from "./options.js";
import type { ResolveResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
import { uploadAccounts } from "./upload-accounts.js";

/** Phase 2 on a library: settles what rules can, records the rest as conflicts. Outcome `conflict` when a person must decide. */
export function resolve(
  libraryRoot: string,
  control: ControlPlane,
  options: ResolveOptions,
  run: Run,
): Promise<ResolveResult> {
  const mode = options.dryRun ? "scratch" : "write";
  return withSession(libraryRoot, control, "resolve", mode, run, (session) =>
    resolveIn(session, options, run),
  );
}

async function resolveIn(session: Session, options: ResolveOptions, run: Run): Promise<ResolveResult> {
  const { catalog, documents, config, control, libraryRoot } = session;
  const observed: { seen: ResolveSeen | null } = { seen: null };
  const phase = new ResolvePhase({
    catalog,
    documents,
    enabledRules: options.autoResolve === "none" ? [] : config.preferences.auto_resolve,
    services: uploadAccounts(config.services),
    onSeen: (seen) => {
      observed.seen = seen;
    },
  });
  const failures: Failure[] = [];
  const spared = new Set<string>();
  async function* editsOf(results: AsyncIterable<ResolveResultStep>): AsyncIterable<FileEdit> {
    async function* groups(): AsyncIterable<readonly FileEdit[]> {
      for await (const result of results) if (result.outcome === "done") yield result.edits;
    }
    yield* sparingOwnersEdits(control, groups(), (failure, group) => {
      failures.push(failure);
      for (const { path } of group) spared.add(path.slice(path.lastIndexOf("/") + 1, -".json".length));
    });
  }
  const { plan, performed } = await runPhase(
    phase,
    run,
    options.dryRun ? "show" : "do",
    () => {},
    async (shown, results) => {
      if (shown.steps.length === 0) return null;
      const message = () => ({
        command: "resolve" as const,
        summary: summaryOf(observed.seen, spared),
        planDigest: shown.digest,
      });
      return commitOperation(session, editsOf(results), message, run);
    },
  );
  if (options.dryRun && plan.steps.length > 0) {
    const owners = await ownersFiles(control, run);
    const foreseen = foreseenResults(phase, plan, (step) => [step.photo_id], owners, run);
    for await (const _ of editsOf(foreseen));
  }
  const seen = observed.seen;
  if (seen === null) throw new Error("the phase showed a plan without having observed");
  failures.unshift(...seen.failures);
  const counts = countsOf(seen, spared);
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: performed,
    counts,
    failures,
    outcome: counts.needs_human > 0 ? "conflict" : failures.length > 0 ? "partial" : "done",
    plan: plan.steps.map(({ action, photo_id, target, why }) => ({ action, photo_id, target, why })),
    open: seen.photos
      .filter((photo) => photo.open.length > 0)
      .map((photo) => ({ photo_id: photo.photoId, filename: photo.filename, conflicts: photo.open })),
  };
}

/** `spared` are ids of photos whose documents were left alone: nothing about them has been recorded. */
function countsOf(seen: ResolveSeen, spared: ReadonlySet<string>): ResolveResult["counts"] {
  const auto = seen.photos.reduce((sum, photo) => sum + photo.autoResolved, 0);
  const open = seen.photos.reduce((sum, photo) => sum + photo.open.length, 0);
  return {
    photos: seen.photos.length,
    conflicts: auto + open,
    auto_resolved: auto,
    needs_human: open,
    resolved: seen.photos.filter((photo) => photo.becomesResolved && !spared.has(photo.photoId)).length,
  };
}

function summaryOf(seen: ResolveSeen | null, spared: ReadonlySet<string>): string {
  if (seen === null) return "nothing";
  const { resolved, auto_resolved, needs_human } = countsOf(seen, spared);
  return `${resolved} photos resolved, ${auto_resolved} settled by rule, ${needs_human} left for a person`;
}

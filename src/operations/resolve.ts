import { compactCanonicalJson } from "../domain/canonical-json.js";
import type { Failure } from "../domain/errors.js";
import { isIdentityConflict } from "../domain/identity/identity-field.js";
import { documentName } from "../domain/ids.js";
import { answerWords } from "../domain/settling/answer-words.js";
import type { Decision } from "../domain/settling/decision.js";
import { digestOf } from "../infra/hash.js";
import { ResolvePhase, type ResolveSeen } from "../phases/resolve/resolve-phase.js";
import { photosOfStep, type ResolveResultStep } from "../phases/resolve/resolve-step.js";
import { runPhase } from "../phases/run-phase.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { type Decisions, decide } from "./decide.js";
import { foreseenResults, ownersFiles } from "./foresee-spared.js";
import { identityOf } from "./identity-of.js";
import { learnedRulesEdits } from "./learned-rules.js";
import type { ResolveOptions } from "./options.js";
import type { ResolveResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
import { uploadAccounts } from "./upload-accounts.js";
import { type WaitingDecisions, waitingDecisions } from "./waiting-decisions.js";

/**
 * Phase 2 on a library: records what a person decided, in a sitting that was cut short or in a file, settles what rules can, and
 * records the rest as conflicts. Outcome `conflict` when a person must decide.
 */
export async function resolve(
  libraryRoot: string,
  control: ControlPlane,
  options: ResolveOptions,
  run: Run,
): Promise<ResolveResult> {
  const { dryRun, endsSitting = false } = options;
  const waiting = await waitingDecisions(libraryRoot, { isSitting: endsSitting, reading: dryRun });
  try {
    return await withSession(libraryRoot, control, "resolve", dryRun ? "scratch" : "write", run, (session) =>
      resolveIn(session, waiting, options, run),
    );
  } finally {
    await waiting.release();
  }
}

async function resolveIn(
  session: Session,
  waiting: WaitingDecisions,
  options: ResolveOptions,
  run: Run,
): Promise<ResolveResult> {
  const { catalog, config, control, libraryRoot } = session;
  const rules = options.autoResolve === "none" ? [] : config.preferences.auto_resolve;
  const entries = [...waiting.decisions, ...(options.decisions ?? [])];
  const decisions = await decide(session, entries, rules, run);
  const observed: { seen: ResolveSeen | null } = { seen: null };
  const phase = new ResolvePhase({
    catalog,
    services: uploadAccounts(config.services),
    documents: decisions.others,
    enabledRules: [...rules, ...decisions.learned],
    identity: identityOf(session, run),
    onSeen: (seen) => {
      observed.seen = seen;
    },
  });
  const failures: Failure[] = [...decisions.failures];
  const spared = new Set<string>();
  async function* editsOf(results: AsyncIterable<ResolveResultStep>): AsyncIterable<FileEdit> {
    async function* groups(): AsyncIterable<readonly FileEdit[]> {
      for (const { edits } of decisions.groups()) yield edits;
      yield await learnedRulesEdits(libraryRoot, decisions.learned);
      for await (const result of results) if (result.outcome === "done") yield result.edits;
    }
    yield* sparingOwnersEdits(control, groups(), (failure, group) => {
      failures.push(failure);
      for (const { path } of group) spared.add(documentName(path));
    });
  }
  const { plan, performed } = await runPhase(
    phase,
    run,
    options.dryRun ? "show" : "do",
    () => {},
    async (shown, results) => {
      if (shown.steps.length === 0 && decisions.decided.length === 0) return null;
      const message = () => ({
        command: "resolve" as const,
        summary: summaryOf(observed.seen, decisions, spared),
        planDigest: digestWith(shown.digest, decisions),
      });
      return commitOperation(session, editsOf(results), message, run);
    },
  );
  if (!options.dryRun) {
    const isWaiting = (one: Decision): boolean => spared.has(one.photo_id) || decisions.postponed.has(one);
    await waiting.settle(waiting.decisions.filter(isWaiting));
  }
  if (options.dryRun && plan.steps.length + decisions.decided.length > 0) {
    const owners = await ownersFiles(control, run);
    const foreseen = foreseenResults(phase, plan, photosOfStep, owners, run);
    for await (const _ of editsOf(foreseen));
  }
  const seen = observed.seen;
  if (seen === null) throw new Error("the phase showed a plan without having observed");
  failures.unshift(...seen.failures);
  const counts = countsOf(seen, decisions, spared);
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: performed,
    counts,
    failures,
    outcome: counts.needs_human > 0 ? "conflict" : failures.length > 0 ? "partial" : "done",
    plan: [
      ...decisions.decided.map(({ decision, filename }) => ({
        action: "decide",
        photo_id: decision.photo_id,
        target: filename,
        why: `${decision.field}: ${answerWords(decision.answer)}`,
      })),
      ...plan.steps.map(({ action, photo_id, target, why }) => ({ action, photo_id, target, why })),
    ],
    open: [
      ...decisions.open,
      ...seen.photos
        .filter((photo) => photo.open.length > 0)
        .map((photo) => ({ photo_id: photo.photoId, filename: photo.filename, conflicts: photo.open })),
    ],
    exported: null,
  };
}

/** The plan's digest, over the decisions as well where there are any. */
const digestWith = (digest: string, { decided }: Decisions): string =>
  decided.length === 0
    ? digest
    : digestOf(compactCanonicalJson({ digest, decided: decided.map(({ decision }) => decision) }));

/** `spared` are ids of photos whose documents were left alone: nothing about them has been recorded. */
function countsOf(
  seen: ResolveSeen,
  { decided, open, resolved }: Decisions,
  spared: ReadonlySet<string>,
): ResolveResult["counts"] {
  const sumOf = (count: (photo: ResolveSeen["photos"][number]) => number): number =>
    seen.photos.reduce((sum, photo) => sum + count(photo), 0);
  const auto = sumOf(({ autoResolved }) => autoResolved);
  const left = [...seen.photos.map((photo) => photo.open), ...open.map(({ conflicts }) => conflicts)];
  const forPerson = left.reduce((sum, conflicts) => sum + conflicts.length, 0);
  const recorded = decided.filter(({ decision }) => !spared.has(decision.photo_id)).length;
  const settled = [
    ...seen.photos.filter((photo) => photo.becomesResolved).map((photo) => photo.photoId),
    ...resolved,
  ];
  return {
    photos:
      sumOf(({ members }) => 1 + members.length) +
      new Set(decided.map(({ decision }) => decision.photo_id)).size,
    joined: sumOf(({ photoId, members }) => (spared.has(photoId) ? 0 : members.length)),
    asked: left.flat().filter(isIdentityConflict).length,
    conflicts: auto + recorded + forPerson,
    auto_resolved: auto,
    needs_human: forPerson,
    resolved: settled.filter((photoId) => !spared.has(photoId)).length,
    decided: recorded,
  };
}

function summaryOf(seen: ResolveSeen | null, decisions: Decisions, spared: ReadonlySet<string>): string {
  if (seen === null) return "nothing";
  const { resolved, auto_resolved, needs_human, decided, joined } = countsOf(seen, decisions, spared);
  const byPerson = decided > 0 ? `${decided} decided by a person, ` : "";
  const together = joined > 0 ? `${joined} joined as variants, ` : "";
  return `${byPerson}${together}${resolved} photos resolved, ${auto_resolved} settled by rule, ${needs_human} left for a person`;
}

import { join } from "node:path";
import { openCatalog } from "../control/catalog.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import { locationReader } from "../infra/archive/open-location.js";
import { digestOf } from "../infra/hash.js";
import { toPortable } from "../infra/portable-path.js";
import { checksumEntries, recordReplicas } from "../phases/replicate/record.js";
import { replicatePhase } from "../phases/replicate/replicate-phase.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import { runPhase } from "../phases/run-phase.js";
import { type SettledResults, settledResults } from "../phases/settled-results.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Plan, Progress, Run, StepResult } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { heldFailures } from "./held-failures.js";
import { clearStaging, stagingOf } from "./open-staging.js";
import { type ConfiguredStore, configuredStores, unsupportedStore } from "./open-stores.js";
import type { ReplicateOptions } from "./options.js";
import type { PlannedStep, ReplicateResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";

/** Phase 3 on a library: shows the plan, or carries it out and records what was proven. */
export function replicate(
  libraryRoot: string,
  control: ControlPlane,
  options: ReplicateOptions,
  run: Run,
): Promise<ReplicateResult> {
  const mode = options.mode === "show" ? "scratch" : "write";
  return withSession(libraryRoot, control, "replicate", mode, run, (session) =>
    replicateIn(session, options, run),
  );
}

interface Reachable {
  readonly all: readonly ConfiguredStore[];
  readonly stores: ReadonlyMap<string, BlobStore>;
  readonly targets: ReadonlySet<string>;
  readonly failures: readonly Failure[];
}

function reachableStores(session: Session, options: ReplicateOptions): Reachable {
  const all = configuredStores(session.config.preferences, session.libraryRoot);
  const names = all.map(({ name }) => name);
  const unknown = options.to.filter((name) => !names.includes(name));
  if (unknown.length > 0 || all.length === 0) {
    throw new PhotosyncError({
      kind: "user",
      code: unknown.length > 0 ? "store.unknown" : "store.none",
      message:
        unknown.length > 0
          ? `No enabled store is named ${unknown.join(", ")}; there are: ${names.join(", ")}.`
          : "No store is enabled, so there is nowhere to put originals.",
      next: ["Stores are named under blob_storage in config/user-preferences.json."],
    });
  }
  const wanted = new Set(options.to.length > 0 ? options.to : names);
  const stores = new Map<string, BlobStore>();
  for (const { name, store } of all) {
    if (store !== null) stores.set(name, options.mode === "show" ? readonlyStore(store) : store);
  }
  const failures = all.filter(({ name, store }) => store === null && wanted.has(name)).map(unsupportedStore);
  return { all, stores, targets: new Set([...wanted].filter((name) => stores.has(name))), failures };
}

const suspectKey = (store: string, key: string): string => `${store} ${key}`;

const planned = (step: ReplicateStep): PlannedStep => ({
  action: step.action,
  photo_id: step.photo_id,
  target: step.target,
  why: step.why,
  ...(step.action === "store-blob" ? { bytes: step.bytes } : {}),
});

/** Keeps notes for the result, where `--quiet` and `--json` show them as well. */
const notingDown = (progress: Progress, notes: string[]): Progress => ({
  stage: (label, total) => progress.stage(label, total),
  advance: (by) => progress.advance(by),
  note: (line) => void notes.push(line),
});

async function replicateIn(session: Session, options: ReplicateOptions, run: Run): Promise<ReplicateResult> {
  const { catalog, documents, config, index, libraryRoot } = session;
  const reachable = reachableStores(session, options);
  if (options.mode === "do")
    for (const name of reachable.targets) await reachable.stores.get(name)?.sweep(run);
  const phase = replicatePhase({
    catalog,
    documents,
    stores: reachable.stores,
    targets: reachable.targets,
    locations: locationReader(libraryRoot),
    staging: stagingOf(libraryRoot, run),
    primary: config.preferences.blob_storage.primary,
    parallel: config.preferences.sync_preferences.max_parallel_downloads,
    suspects: { has: (store, key) => index.suspects.doesExist(suspectKey(store, key)) },
    sha256Hex: digestOf,
  });
  const notes: string[] = [];
  const { plan, performed } = await runPhase(
    phase,
    { ...run, progress: notingDown(run.progress, notes) },
    options.mode,
    () => {},
    async (shown, results) => {
      const collected = await settledResults(results);
      return { ...collected, ...(await recordProven(session, shown, collected, reachable, run)) };
    },
  );
  const results = performed?.results ?? [];
  const failures = [
    ...reachable.failures,
    ...catalog.invalid(),
    ...results.flatMap((result) => (result.failure === undefined ? [] : [result.failure])),
    ...(performed?.spared ?? []),
    ...heldFailures(plan.held, catalog.invalid(), {
      code: "replicate.held",
      hint: "Put that right, then run: photosync replicate --execute",
    }),
  ];
  const count = (...outcomes: readonly string[]) =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const steps = plan.steps.map(planned);
  if (performed?.stoppedBy && !run.signal.aborted) {
    for (const note of notes) run.progress.note(note);
    throw performed.stoppedBy.error;
  }
  return {
    library: libraryRoot,
    dry_run: options.mode === "show",
    commit: performed?.commit ?? null,
    counts: {
      planned: steps.length,
      done: count("done"),
      skipped: count("already", "blocked") + (performed === null ? 0 : steps.length - results.length),
      failed: count("failed"),
      bytes:
        performed === null
          ? steps.reduce((sum, step) => sum + (step.bytes ?? 0), 0)
          : results.reduce((sum, result) => sum + (result.bytes ?? 0), 0),
    },
    failures,
    outcome: run.signal.aborted ? "cancelled" : failures.length > 0 ? "partial" : "done",
    plan: steps,
    held: plan.held,
    notes,
  };
}

interface Recorded {
  readonly commit: string | null;
  readonly spared: readonly Failure[];
}

async function recordProven(
  session: Session,
  plan: Plan<ReplicateStep>,
  collected: SettledResults<StepResult>,
  { all, stores, targets }: Reachable,
  run: Run,
): Promise<Recorded> {
  const { catalog, documents, config, control, index, libraryRoot } = session;
  // An interrupted run still records what it has proven: its commit must not be cut short by the same Ctrl-C.
  const recording: Run = { ...run, signal: new AbortController().signal };
  const primary = config.preferences.blob_storage.primary;
  const primaryRoot = all.find(({ name }) => name === primary)?.where ?? "";
  const proven = new Set(
    collected.results
      .filter(({ outcome }) => outcome === "done" || outcome === "already")
      .map(({ step }) => step),
  );
  const stored = plan.steps.flatMap((step) =>
    step.action === "store-blob" && proven.has(step.id) ? [step] : [],
  );
  const edits = recordReplicas(collected.results, plan, {
    catalog,
    documents,
    stores: new Set(all.map(({ name }) => name)),
    primary,
    sourceOfTruth: (key) => toPortable(libraryRoot, join(primaryRoot, key)),
    now: run.clock.now(),
  });
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const edit of edits) yield [edit];
  }
  const spared: Failure[] = [];
  const summary = () => {
    const left = new Set(spared.map(({ subject }) => subject));
    const recorded = stored.filter((step) => !left.has(catalog.row(step.photo_id)?.path ?? ""));
    if (recorded.length === 0) return "states brought up to date";
    const bytes = recorded.reduce((sum, step) => sum + step.bytes, 0);
    const names = [...new Set(recorded.map((step) => step.target))].sort().join(", ");
    return `${recorded.length} originals (${bytes} bytes) verified in ${names}`;
  };
  const commit = await commitOperation(
    session,
    sparingOwnersEdits(control, groups(), (failure) => spared.push(failure)),
    () => ({
      command: "replicate",
      summary: summary(),
      planDigest: plan.digest,
    }),
    recording,
  );
  for (const step of stored) index.suspects.removeSync(suspectKey(step.target, step.key));
  const now = await openCatalog(index, control, await control.head(), recording);
  for (const name of targets) {
    const store = stores.get(name);
    if (store !== undefined && (await store.availability(recording)) === "ready") {
      await store.writeChecksumList(checksumEntries(now, name), recording);
    }
  }
  await clearStaging(libraryRoot, now, recording);
  return { commit, spared };
}

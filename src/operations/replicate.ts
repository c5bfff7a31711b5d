import { type Failure, PhotosyncError } from "../domain/errors.js";
import { replicatePhase } from "../phases/replicate/replicate-phase.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import { runPhase } from "../phases/run-phase.js";
import { settledResults } from "../phases/settled-results.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { fillingDeps } from "./filling-deps.js";
import { ownersFiles } from "./foresee-spared.js";
import { heldFailures } from "./held-failures.js";
import { notingDown, plannedStep } from "./noting-down.js";
import { type ConfiguredStore, configuredStores, unsupportedStore } from "./open-stores.js";
import type { ReplicateOptions } from "./options.js";
import { brushUp, recordProven } from "./record-proven.js";
import type { ReplicateResult } from "./results.js";
import { type Session, uncommittedEdit, withSession } from "./session.js";
import { sweepStores } from "./sweep-stores.js";

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

/** What a real run of this plan would not record, because the owner is at work on the documents. */
async function foreseenSpared(
  { catalog, control }: Session,
  plan: Plan<ReplicateStep>,
  run: Run,
): Promise<readonly Failure[]> {
  if (plan.steps.length === 0) return [];
  const owners = await ownersFiles(control, run);
  const paths = new Set(plan.steps.map((step) => catalog.row(step.photo_id)?.path ?? ""));
  return [...paths].filter((path) => owners.has(path)).map(uncommittedEdit);
}

const targetStores = ({ stores, targets }: Reachable): readonly BlobStore[] =>
  [...stores.values()].filter(({ name }) => targets.has(name));

async function replicateIn(session: Session, options: ReplicateOptions, run: Run): Promise<ReplicateResult> {
  const { catalog, libraryRoot } = session;
  const reachable = reachableStores(session, options);
  const unswept = options.mode === "do" ? await sweepStores(targetStores(reachable), run) : [];
  const phase = replicatePhase(fillingDeps(session, reachable, run));
  const notes: string[] = [];
  const { plan, performed } = await runPhase(
    phase,
    notingDown(run, notes),
    options.mode,
    () => {},
    async (shown, results) => {
      const collected = await settledResults(results);
      const recorded = await recordProven(session, shown, collected, {
        command: "replicate",
        enabled: reachable.all,
        run,
      });
      await brushUp(session, recorded.now, targetStores(reachable), run);
      return { ...collected, ...recorded };
    },
  );
  const results = performed?.results ?? [];
  const failures = [
    ...reachable.failures,
    ...unswept,
    ...catalog.invalid(),
    ...results.flatMap((result) => (result.failure === undefined ? [] : [result.failure])),
    ...(performed?.spared ?? (await foreseenSpared(session, plan, run))),
    ...heldFailures(plan.held, catalog.invalid(), {
      code: "replicate.held",
      hint: "Put that right, then run: photosync replicate --execute",
    }),
  ];
  const count = (...outcomes: readonly string[]) =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const steps = plan.steps.map(plannedStep);
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

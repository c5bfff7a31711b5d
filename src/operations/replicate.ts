import { readTombstones } from "../control/tombstones.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { ReplicatePolicy } from "../domain/replicate-policy.js";
import { replicatePhase } from "../phases/replicate/replicate-phase.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import type { ServiceStepResult } from "../phases/replicate/services/service-step.js";
import { runPhase } from "../phases/run-phase.js";
import { settledResults } from "../phases/settled-results.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { cameBack } from "./came-back.js";
import { fillingDeps } from "./filling-deps.js";
import { ownersFiles } from "./foresee-spared.js";
import { forgottenBlobs, type RemovedBlobs, removeForgotten } from "./forgotten-blobs.js";
import { heldFailures } from "./held-failures.js";
import { bundlePlanOf, plannedBundles, sendBundles } from "./library-bundle.js";
import { notingDown, plannedStep } from "./noting-down.js";
import { type ConfiguredStore, configuredStores, unsupportedStore } from "./open-stores.js";
import type { ReplicateOptions } from "./options.js";
import { planCosts } from "./plan-costs.js";
import { brushUp, recordProven } from "./record-proven.js";
import type { OpenServices } from "./replicate-services.js";
import type { ForetoldService, ReplicateResult } from "./results.js";
import { type Session, uncommittedEdit, withSession } from "./session.js";
import { signStores } from "./sign-stores.js";
import { sweepStores } from "./sweep-stores.js";
import { weakPassphrase } from "./weak-passphrase.js";

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

/** Throws `store.unknown` and `store.none` (user). `accounts`: what `--to` may name besides stores. */
function reachableStores(session: Session, options: ReplicateOptions, accounts: Iterable<string>): Reachable {
  const all = configuredStores(session.config.preferences, session.libraryRoot, options.surroundings);
  const names = all.map(({ name }) => name);
  const writable = [...names, ...accounts];
  const unknown = options.to.filter((name) => !writable.includes(name));
  if (unknown.length > 0 || all.length === 0) {
    throw new PhotosyncError({
      kind: "user",
      code: unknown.length > 0 ? "store.unknown" : "store.none",
      message:
        unknown.length > 0
          ? `No enabled store, and no account that replicate may write to, is named ${unknown.join(", ")}; there are: ${writable.join(", ")}.`
          : "No store is enabled, so there is nowhere to put originals.",
      next: [
        "Stores are named under blob_storage in config/user-preferences.json; accounts in config/services.json, where replicate says what may be written there.",
      ],
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

/** The accounts that `replicate` may write to, by name; what talks to them is loaded only where there is one. */
const policiesOf = ({ config }: Session): ReadonlyMap<string, ReplicatePolicy> =>
  new Map(
    Object.entries(config.services)
      .flatMap(([name, { enabled, replicate: policy }]) =>
        enabled && policy !== undefined ? [[name, policy] as const] : [],
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

async function servicesOf(
  session: Session,
  policies: ReadonlyMap<string, ReplicatePolicy>,
  options: ReplicateOptions,
  run: Run,
): Promise<OpenServices | null> {
  if (policies.size === 0) return null;
  const { openServices } = await import("./replicate-services.js");
  return openServices(session, policies, options, run);
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

/** Stores that gave up while they were filled. */
const stoppedStores = (results: readonly ServiceStepResult[]): ReadonlySet<string> =>
  new Set(
    results.flatMap(({ failure }) =>
      failure?.subject.startsWith("store ") === true ? [failure.subject.slice("store ".length)] : [],
    ),
  );

/** Why stores are gone, by what they are called in a plan, where they were told. */
const troublesOf = ({ stores }: Reachable): ReadonlyMap<string, PhotosyncError> =>
  new Map(
    [...stores.values()].flatMap((store) => {
      const trouble = store.trouble?.() ?? null;
      return trouble === null ? [] : [[`store ${store.name}`, trouble] as const];
    }),
  );

/** How the run ended: a needed sign-in is told before all else; a run that did nothing for troubles that pass may be tried later. */
function outcomeOf(
  results: readonly ServiceStepResult[],
  failures: readonly Failure[],
  run: Run,
): ReplicateResult["outcome"] {
  if (run.signal.aborted) return "cancelled";
  if (failures.length === 0) return "done";
  const kinds = results.flatMap(({ errorKind }) => errorKind ?? []);
  if (kinds.includes("auth")) return "auth";
  const didNothing = !results.some(({ outcome }) => outcome === "done" || outcome === "already");
  const allPass = kinds.length === failures.length && kinds.every((kind) => kind === "transient");
  return didNothing && allPass ? "transient" : "partial";
}

/** Where forgotten blobs are removed, for this run. */
const clearable = ({ all, stores, targets }: Reachable) =>
  all.flatMap(({ name, settings }) => {
    const store = targets.has(name) ? stores.get(name) : undefined;
    return store === undefined ? [] : [{ store, isLocal: settings.type === "local" }];
  });

/** Passphrases that are too short, of stores that nothing was sealed in yet; of others `doctor` tells. */
async function weakPassphrases(
  { catalog }: Session,
  { all, targets }: Reachable,
  { surroundings }: ReplicateOptions,
  run: Run,
): Promise<readonly string[]> {
  const used = catalog.sums().byStore;
  const told: string[] = [];
  for (const { name, settings } of all) {
    if (!targets.has(name) || (used.get(name) ?? 0) > 0) continue;
    const weak = await weakPassphrase(name, settings, surroundings, run);
    if (weak !== null) told.push(`Store ${name}: ${weak}`);
  }
  return told;
}

async function replicateIn(whole: Session, options: ReplicateOptions, run: Run): Promise<ReplicateResult> {
  const tombstones = await readTombstones(whole.control, whole.catalog.revision, run);
  const { catalog, failures: back, gone } = await cameBack(whole.catalog, tombstones);
  const session = { ...whole, catalog };
  const { libraryRoot } = session;
  const policies = policiesOf(session);
  const reachable = reachableStores(session, options, policies.keys());
  const services = await servicesOf(session, policies, options, run);
  const unswept = options.mode === "do" ? await sweepStores(targetStores(reachable), run) : [];
  const forgotten = await forgottenBlobs(gone, clearable(reachable), run);
  const phase = replicatePhase(fillingDeps(session, reachable, run), services);
  const bundlesOf = ({ steps, held }: Plan<ReplicateStep>) =>
    bundlePlanOf(
      catalog.revision,
      { steps: [...forgotten.steps, ...steps], held },
      targetStores(reachable),
      run,
    );
  const notes: string[] = [];
  const noting = notingDown(run, notes);
  notes.push(...(await weakPassphrases(session, reachable, options, run)));
  let foretold: readonly ForetoldService[] = [];
  let removed: RemovedBlobs = { done: 0, failures: [], edits: [], summary: null };
  let troubles: ReadonlyMap<string, PhotosyncError> = new Map();
  const { plan, performed } = await runPhase(
    phase,
    noting,
    options.mode,
    (shown) => {
      foretold = services?.foretell(shown) ?? [];
      troubles = troublesOf(reachable);
    },
    async (shown, results) => {
      const targets = targetStores(reachable);
      const bundlePlan = await bundlesOf(shown);
      const unsigned = await signStores(catalog, targets, run);
      removed = await removeForgotten(forgotten, gone, libraryRoot, run);
      const collected = await settledResults(results);
      const recorded = await recordProven(session, shown, collected, {
        command: "replicate",
        enabled: reachable.all,
        besides: removed,
        ...(services !== null && { services: services.targets, isWhole: services.isWhole }),
        run,
      });
      await services?.settle(shown, collected.results, recorded.now);
      const unlisted = await brushUp(session, recorded.now, targets, run);
      const goesOn = collected.stoppedBy === null && !run.signal.aborted;
      const sent = goesOn
        ? await sendBundles(session, bundlePlan, reachable.stores, stoppedStores(collected.results), noting)
        : { bundles: [], failures: [] };
      return { ...collected, ...recorded, unlisted: [...unlisted, ...unsigned], sent };
    },
  );
  const bundles = performed?.sent.bundles ?? plannedBundles(await bundlesOf(plan));
  const results = performed?.results ?? [];
  const failures = [
    ...reachable.failures,
    ...unswept,
    ...back,
    ...removed.failures,
    ...catalog.invalid(),
    ...results.flatMap((result) => (result.failure === undefined ? [] : [result.failure])),
    ...(performed?.spared ?? (await foreseenSpared(session, plan, run))),
    ...(performed?.unlisted ?? []),
    ...(performed?.sent.failures ?? []),
    ...heldFailures(
      plan.held.filter(({ service }) => service === undefined),
      catalog.invalid(),
      {
        code: "replicate.held",
        hint: "Put that right, then run: photosync replicate --execute",
      },
      troubles,
    ),
  ];
  const count = (...outcomes: readonly string[]) =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const steps = [...forgotten.steps, ...plan.steps.map(plannedStep)];
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
      done: count("done") + removed.done,
      skipped: count("already", "blocked") + (performed === null ? 0 : plan.steps.length - results.length),
      failed: count("failed") + removed.failures.length,
      bytes:
        performed === null
          ? steps.reduce((sum, step) => sum + (step.bytes ?? 0), 0)
          : results.reduce((sum, result) => sum + (result.bytes ?? 0), 0),
    },
    failures,
    outcome: outcomeOf(results, failures, run),
    plan: steps,
    bundles,
    held: plan.held,
    costs: performed === null ? await planCosts(session, steps, run) : [],
    services: foretold,
    notes,
  };
}

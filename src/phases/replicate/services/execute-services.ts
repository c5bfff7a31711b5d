import { failureOf, PhotosyncError } from "../../../domain/errors.js";
import { cancelled } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import type { Run } from "../../../ports/phase.js";
import type { PhotoTarget } from "../../../ports/photo-service.js";
import { inParallel } from "../in-parallel.js";
import { setMetadata, setVisibility } from "./edit-instance.js";
import type { ServiceDeps } from "./service-deps.js";
import type { ServiceStep, ServiceStepResult } from "./service-step.js";
import { uploadPhoto } from "./upload-photo.js";

const PARALLEL_UPLOADS = 3;
/** So many failures in a row that each may pass by itself mean that the service is down. */
const DOWN_AFTER = 5;

/** When a service is to be left alone for the rest of the run: sign-in needed, or one failure after the other. */
class ServiceHealth {
  #failuresInRow = 0;
  #why: PhotosyncError | null = null;

  /** Why no further step is to be tried, or null. */
  get stoppedBy(): PhotosyncError | null {
    return this.#why;
  }

  went(): void {
    this.#failuresInRow = 0;
  }

  failed(error: PhotosyncError): void {
    this.#failuresInRow = error.kind === "transient" ? this.#failuresInRow + 1 : 0;
    if (error.kind === "auth" || this.#failuresInRow >= DOWN_AFTER) this.#why ??= error;
  }
}

function carryOut(
  step: ServiceStep,
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): Promise<ServiceStepResult> {
  switch (step.action) {
    case "upload":
      return uploadPhoto(step, target, deps, run);
    case "set-metadata":
      return setMetadata(step, target, run);
    case "set-visibility":
      return setVisibility(step, target, run);
  }
}

async function tried(
  step: ServiceStep,
  target: PhotoTarget,
  health: ServiceHealth,
  deps: ServiceDeps,
  run: Run,
): Promise<ServiceStepResult> {
  if (health.stoppedBy !== null) {
    return { step: step.id, outcome: "blocked", failure: failureOf(step.photo_id, health.stoppedBy) };
  }
  try {
    const result = await carryOut(step, target, deps, run);
    health.went();
    return result;
  } catch (error) {
    if (run.signal.aborted) throw cancelled(run);
    if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
    health.failed(error);
    return { step: step.id, outcome: "failed", failure: failureOf(step.photo_id, error) };
  }
}

function grouped(steps: readonly ServiceStep[], keyOf: (step: ServiceStep) => string) {
  const groups = new Map<string, ServiceStep[]>();
  for (const step of steps) {
    const group = groups.get(keyOf(step));
    if (group === undefined) groups.set(keyOf(step), [step]);
    else group.push(step);
  }
  return groups;
}

/** Steps of one photo one after the other; different photos may go side by side. */
const byPhoto = (steps: readonly ServiceStep[]): Iterable<readonly ServiceStep[]> =>
  grouped(steps, (step) => step.photo_id).values();

async function* onService(
  steps: readonly ServiceStep[],
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): AsyncGenerator<ServiceStepResult> {
  const health = new ServiceHealth();
  const isNarrowing = (step: ServiceStep) =>
    step.action === "set-visibility" && step.change.kind === "narrow";
  const limit = target.traits.parallelUploads ?? PARALLEL_UPLOADS;
  for (const round of [steps.filter(isNarrowing), steps.filter((step) => !isNarrowing(step))]) {
    yield* inParallel(byPhoto(round), limit, run, async function* (own, call: Call) {
      for (const step of own) yield await tried(step, target, health, deps, { ...run, ...call });
    });
  }
}

/**
 * Carries out steps on services and yields each one's result as it is settled. Services go side by side; a service that is
 * down or needs a sign-in ends its own steps alone. On each, everything that narrows goes before everything else.
 * One photo's failure stops nothing. An abort or a defect is thrown after the results of what was settled.
 */
export async function* executeServices(
  steps: readonly ServiceStep[],
  deps: ServiceDeps,
  run: Run,
): AsyncGenerator<ServiceStepResult> {
  const byTarget = grouped(steps, (step) => step.target);
  if (byTarget.size === 0) return;
  run.progress.stage("Updating services", { items: steps.length });
  const lanes = [...byTarget].flatMap(([name, own]) => {
    const target = deps.targets.get(name);
    return target === undefined ? [] : [{ target, own }];
  });
  const results = inParallel(lanes, lanes.length, run, ({ target, own }, call) =>
    onService(own, target, deps, { ...run, ...call }),
  );
  for await (const result of results) {
    run.progress.advance({ items: 1 });
    yield result;
  }
}

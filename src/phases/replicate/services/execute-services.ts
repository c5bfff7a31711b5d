import { PhotosyncError } from "../../../domain/errors.js";
import { cancelled } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import type { Run } from "../../../ports/phase.js";
import type { PhotoTarget } from "../../../ports/photo-service.js";
import { inParallel } from "../../in-parallel.js";
import { setMetadata, setVisibility } from "./edit-instance.js";
import type { ServiceDeps } from "./service-deps.js";
import { isNarrowing, type ServiceStep, type ServiceStepResult } from "./service-step.js";
import type { ServiceStops } from "./service-stop.js";
import { OUTCOME_UNKNOWN, uploadPhoto } from "./upload-photo.js";

const PARALLEL_UPLOADS = 3;
/** The longest that a run waits to learn what came of its last uploads. */
const LONGEST_WAIT_MS = 6 * 60_000;

/** What the steps on one service share. */
interface OneService {
  readonly target: PhotoTarget;
  readonly stop: ReturnType<ServiceStops["of"]>;
  /** Uploads that may or may not have arrived: to be looked for once more when all else is done. */
  readonly unknown: Map<ServiceStep, { readonly askAgainMs: number }>;
  readonly deps: ServiceDeps;
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

/** The step's result; null where it comes later. */
async function tried(step: ServiceStep, service: OneService, run: Run): Promise<ServiceStepResult | null> {
  const { target, stop, deps } = service;
  if (stop.hasStopped) return stop.block(step);
  try {
    const result = await carryOut(step, target, deps, run);
    stop.went();
    // What turns up at the second look was sent by this very run.
    const isOwn = result.outcome === "already" && service.unknown.has(step);
    return isOwn && step.action === "upload" ? { ...result, outcome: "done", bytes: step.bytes } : result;
  } catch (error) {
    if (run.signal.aborted) throw cancelled(run);
    if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
    if (error.code === OUTCOME_UNKNOWN && !service.unknown.has(step)) {
      service.unknown.set(step, { askAgainMs: Number(error.data["askAgainMs"] ?? 0) });
      return null;
    }
    return stop.failed(step, error);
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

/** Waits until the service will certainly show the uploads whose answers were lost, so that they can be settled in this run. */
async function untilKnown({ target, stop, unknown, deps }: OneService, run: Run): Promise<void> {
  const waitMs = Math.max(...[...unknown.values()].map(({ askAgainMs }) => askAgainMs));
  if (stop.hasStopped || waitMs <= 0) return;
  run.progress.stage(`Waiting until ${target.name} shows what was sent`, {}, target.name);
  await deps.sleep(Math.min(waitMs, LONGEST_WAIT_MS), run);
}

async function* onService(
  steps: readonly ServiceStep[],
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): AsyncGenerator<ServiceStepResult> {
  const service: OneService = { target, stop: deps.stops.of(target.name), unknown: new Map(), deps };
  const limit = target.traits.parallelUploads ?? PARALLEL_UPLOADS;
  const inTurn = (round: readonly ServiceStep[]) =>
    inParallel(byPhoto(round), limit, run, async function* (own, call: Call) {
      for (const step of own) {
        const result = await tried(step, service, { ...run, ...call });
        if (result !== null) yield result;
      }
    });
  yield* inTurn(steps.filter(isNarrowing));
  yield* inTurn(steps.filter((step) => !isNarrowing(step)));
  if (service.unknown.size > 0) {
    await untilKnown(service, run);
    yield* inTurn([...service.unknown.keys()]);
  }
}

/** The same, with a progress of the service's own, which steps that are left over do not move. */
async function* shown(
  steps: readonly ServiceStep[],
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): AsyncGenerator<ServiceStepResult> {
  const { name } = target;
  const bytesOf = new Map(steps.map((step) => [step.id, step.action === "upload" ? step.bytes : 0] as const));
  const bytes = [...bytesOf.values()].reduce((sum, each) => sum + each, 0);
  run.progress.stage(`Updating ${name}`, { count: steps.length, bytes }, name);
  for await (const result of onService(steps, target, deps, run)) {
    if (result.outcome !== "blocked") {
      run.progress.advance({ count: 1, bytes: bytesOf.get(result.step) ?? 0 }, name);
    }
    yield result;
  }
}

/**
 * Carries out steps on services and yields each one's result as it is settled. Services go side by side; a service that is
 * down, needs a sign-in or takes nothing more today ends its own steps alone, and is told of by `deps.stops`. On each, everything that narrows goes before
 * everything else, and uploads whose end is unknown are looked for once more when all else is done. One photo's failure
 * stops nothing. An abort or a defect is thrown after the results of what was settled.
 */
export async function* executeServices(
  steps: readonly ServiceStep[],
  deps: ServiceDeps,
  run: Run,
): AsyncGenerator<ServiceStepResult> {
  const byTarget = grouped(steps, (step) => step.target);
  if (byTarget.size === 0) return;
  const lanes = [...byTarget].flatMap(([name, own]) => {
    const target = deps.targets.get(name);
    return target === undefined ? [] : [{ target, own }];
  });
  yield* inParallel(lanes, lanes.length, run, ({ target, own }, call) =>
    shown(own, target, deps, { ...run, ...call }),
  );
}

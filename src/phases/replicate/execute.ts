import { failureOf, PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { Plan, Run, StepResult } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import { addProven, openJob } from "./blob-job.js";
import { type Execution, type GroupExecution, ProvenHere, type Sourceless } from "./execution.js";
import { fillBlob, startJob } from "./fill-blob.js";
import { fillFromArchive } from "./fill-from-archive.js";
import { type NearBlobs, nearBlobs, Queue, type Steps, type StoreGroup, storeGroups } from "./lanes.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import type { ReplicateStep } from "./replicate-step.js";
import { storeProgress } from "./store-progress.js";
import { storeStops } from "./store-stops.js";

/** Throws `plan.stale` (transient) when the catalog is at another revision than the plan. */
export function refuseStale(plan: Plan<ReplicateStep>, deps: ReplicateDeps): void {
  if (plan.base === deps.catalog.revision) return;
  throw new PhotosyncError({
    kind: "transient",
    code: "plan.stale",
    message: "The library has changed since this plan was made; nothing was done.",
    next: ["Run the same command again: it makes a new plan."],
  });
}

type IsStreamed = (path: string) => Promise<boolean>;

async function* carryOut(steps: Steps, execution: GroupExecution, isStreamed: IsStreamed, call: Call) {
  const job = await openJob(steps, execution, isStreamed);
  if (!(job instanceof PhotosyncError)) {
    yield* startJob(job, execution, call);
    return;
  }
  for (const { id, photo_id } of steps) {
    yield { step: id, outcome: "blocked", failure: failureOf(photo_id, job) } satisfies StepResult;
  }
}

/** Fills the disks of this computer, and tells as each blob is settled there. */
async function* fillNear(
  { blobs, atOnce }: StoreGroup,
  execution: GroupExecution,
  near: NearBlobs,
  isStreamed: IsStreamed,
  call: Call,
): AsyncGenerator<StepResult> {
  try {
    yield* inParallel(blobs, atOnce, call, async function* (steps, inner) {
      try {
        yield* carryOut(steps, execution, isStreamed, inner);
      } finally {
        near.settle(steps[0].key);
      }
    });
    yield* readArchives(execution, atOnce, call);
  } finally {
    near.end();
  }
}

/** Fills one store beyond a network, at its own pace. */
async function* fillFar(
  { blobs, atOnce }: StoreGroup,
  execution: GroupExecution,
  near: NearBlobs,
  isStreamed: IsStreamed,
  call: Call,
): AsyncGenerator<StepResult> {
  const queue = new Queue(blobs, near);
  yield* inParallel(blobs, atOnce, call, async function* (_, inner) {
    yield* carryOut(await queue.take(), execution, isStreamed, inner);
  });
  if (execution.deferred.size === 0) return;
  // The disks read the same archives: what they have by then need not be unpacked again.
  await near.ended;
  const jobs = [...execution.deferred.values()].flat();
  execution.deferred.clear();
  for (const job of jobs) addProven(job, execution);
  yield* inParallel(jobs, atOnce, call, (job, inner) => fillBlob(job, execution, inner));
  yield* readArchives(execution, atOnce, call);
}

/** Reads each archive that jobs wait for once. An archive may send a job on to another; a job never returns to a place it has tried, so this ends. */
async function* readArchives(
  execution: GroupExecution,
  atOnce: number,
  call: Call,
): AsyncGenerator<StepResult> {
  const { deferred } = execution;
  while (deferred.size > 0) {
    const round = [...deferred];
    deferred.clear();
    yield* inParallel(round, atOnce, call, ([path, jobs], inner) =>
      fillFromArchive(path, jobs, execution, inner),
    );
  }
}

/** Gives the steps for which there was no place to have the bytes from another try, where another store has proven them since. */
async function* tryAgain(
  sourceless: readonly Sourceless[],
  execution: Execution,
  atOnce: number,
  call: Call,
): AsyncGenerator<StepResult> {
  const last: GroupExecution = { ...execution, deferred: new Map(), sourceless: null };
  yield* inParallel(sourceless, atOnce, call, async function* ({ job, step }, inner) {
    job.pending.push(step);
    addProven(job, execution);
    yield* fillBlob(job, last, inner);
  });
}

async function* moveBlobs(
  plan: Plan<ReplicateStep>,
  execution: Execution,
  run: Run,
): AsyncGenerator<StepResult> {
  const { deps } = execution;
  const streamed = new Map<string, Promise<boolean>>();
  const isStreamed = (path: string) => {
    const known = streamed.get(path) ?? deps.locations.isStreamed(path);
    streamed.set(path, known);
    return known;
  };
  const sourceless: Sourceless[] = [];
  const groups = storeGroups(plan.steps, deps.stores, deps.parallel);
  const near = nearBlobs(groups);
  yield* inParallel(groups, groups.length, run, (group, call) => {
    const own: GroupExecution = { ...execution, deferred: new Map(), sourceless };
    return (group.isNear ? fillNear : fillFar)(group, own, near, isStreamed, call);
  });
  yield* tryAgain(sourceless, execution, deps.parallel, run);
}

/**
 * Carries out a plan's steps, several blobs at once, and yields each step's result as it is settled, in no fixed
 * order. The disks of this computer are filled together, and each store beyond a network at its own pace, which holds up no other. Bytes come from another store, else from where discover found them; each streamed archive is read once, after all
 * else. One photo's failure stops nothing; a store that is full or gone only ends its own steps. An abort, needed
 * sign-in or a defect is thrown after the results of what was settled; a step that never started has no result. A step
 * that is done may still carry a failure: that of a corrupt replica which was passed over as a source.
 * Throws `plan.stale` (transient) before anything is done when the catalog is at another revision than the plan.
 */
export async function* executeReplication(
  plan: Plan<ReplicateStep>,
  deps: ReplicateDeps,
  run: Run,
): AsyncGenerator<StepResult> {
  refuseStale(plan, deps);
  const { progress } = run;
  const blobs = plan.steps.filter((step) => step.action === "store-blob");
  const steps = new Map(blobs.map((step) => [step.id, step]));
  for (const step of plan.steps) {
    if (step.action === "mark-replicated") yield { step: step.id, outcome: "done" };
  }
  const execution: Execution = {
    deps,
    stops: storeStops(),
    progress: storeProgress(progress, "Storing originals", blobs),
    planned: new Set(steps.keys()),
    proven: new ProvenHere(),
  };
  const broken: unknown[] = [];
  try {
    for await (const result of moveBlobs(plan, execution, run)) {
      const step = steps.get(result.step);
      if (step !== undefined) execution.progress.settled(step, result.outcome === "failed");
      yield result;
    }
  } catch (error) {
    broken.push(error);
  }
  yield* execution.stops.results();
  if (broken.length > 0) throw broken[0];
}

import { failureOf, PhotosyncError } from "../../domain/errors.js";
import type { Call } from "../../ports/call.js";
import type { Plan, Run, StepResult } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import { openJob } from "./blob-job.js";
import { type Execution, startJob } from "./fill-blob.js";
import { fillFromArchive } from "./fill-from-archive.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import type { ReplicateStep, StoreBlobStep } from "./replicate-step.js";
import { storeStops } from "./store-stops.js";

type Steps = readonly [StoreBlobStep, ...StoreBlobStep[]];

/** The steps of each blob together; a plan has them side by side. */
function* byBlob(steps: readonly ReplicateStep[]): Generator<Steps> {
  let group: [StoreBlobStep, ...StoreBlobStep[]] | null = null;
  for (const step of steps) {
    if (step.action !== "store-blob") continue;
    if (group !== null && group[0].key === step.key) group.push(step);
    else {
      if (group !== null) yield group;
      group = [step];
    }
  }
  if (group !== null) yield group;
}

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

async function* carryOut(
  steps: Steps,
  execution: Execution,
  isStreamed: (path: string) => Promise<boolean>,
  call: Call,
) {
  const job = await openJob(steps, execution.deps, isStreamed);
  if (!(job instanceof PhotosyncError)) {
    yield* startJob(job, execution, call);
    return;
  }
  for (const { id, photo_id } of steps) {
    yield { step: id, outcome: "blocked", failure: failureOf(photo_id, job) } satisfies StepResult;
  }
}

async function* moveBlobs(
  plan: Plan<ReplicateStep>,
  execution: Execution,
  run: Run,
): AsyncGenerator<StepResult> {
  const { deps, deferred } = execution;
  const streamed = new Map<string, Promise<boolean>>();
  const isStreamed = (path: string) => {
    const known = streamed.get(path) ?? deps.locations.isStreamed(path);
    streamed.set(path, known);
    return known;
  };
  yield* inParallel(byBlob(plan.steps), deps.parallel, run, (steps, call) =>
    carryOut(steps, execution, isStreamed, call),
  );
  // An archive may send a job on to another archive; a job never returns to a place it has tried, so this ends.
  while (deferred.size > 0) {
    const round = [...deferred];
    deferred.clear();
    yield* inParallel(round, deps.parallel, run, ([path, jobs], call) =>
      fillFromArchive(path, jobs, execution, call),
    );
  }
}

/**
 * Carries out a plan's steps, several blobs at once, and yields each step's result as it is settled, in no fixed
 * order. Bytes come from another store, else from where discover found them; each streamed archive is read once, after all
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
  const sizes = new Map(blobs.map((step) => [step.id, step.bytes]));
  const execution: Execution = { deps, stops: storeStops(), progress, deferred: new Map() };
  for (const step of plan.steps) {
    if (step.action === "mark-replicated") yield { step: step.id, outcome: "done" };
  }
  progress.stage("Storing originals", {
    items: blobs.length,
    bytes: blobs.reduce((sum, step) => sum + step.bytes, 0),
  });
  const broken: unknown[] = [];
  try {
    for await (const result of moveBlobs(plan, execution, run)) {
      progress.advance({ items: 1, bytes: sizes.get(result.step) ?? 0 });
      yield result;
    }
  } catch (error) {
    broken.push(error);
  }
  yield* execution.stops.results();
  if (broken.length > 0) throw broken[0];
}

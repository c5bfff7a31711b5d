import { failureOf, PhotosyncError } from "../../domain/errors.js";
import type { Location } from "../../domain/photo.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { BlobSource, BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { StepResult } from "../../ports/phase.js";
import { type Attempt, attempt, corruptSource } from "./attempt.js";
import { type BlobJob, type ByteSource, storeName } from "./blob-job.js";
import type { Execution, GroupExecution } from "./execution.js";
import type { StoreBlobStep } from "./replicate-step.js";
import { placeName, sourceFailure } from "./source-failure.js";
import type { StoreProgress } from "./store-progress.js";
import type { StoreStops } from "./store-stops.js";

/** An archive's entry whose bytes are passing by; `take` gives them once, then null. */
export interface PassingEntry {
  readonly location: Location;
  take(): AsyncIterable<Uint8Array> | null;
}

function sourceName(source: ByteSource): string {
  if (source.kind === "store") return storeName(source.store);
  return source.kind === "staged" ? source.path : placeName(source.location);
}

function bytesFrom(
  job: BlobJob,
  source: ByteSource,
  execution: Execution,
  call: Call,
  passing: PassingEntry | undefined,
): Pick<BlobSource, "open" | "spareFile"> {
  if (source.kind === "store") {
    return {
      open: (into) => source.store.get(job.key, into === undefined ? call : { ...call, into }),
    };
  }
  const { locations } = execution.deps;
  if (source.kind === "staged") {
    return { spareFile: source.path, open: () => locations.open({ path: source.path }, call) };
  }
  const { location } = source;
  const again = () => locations.open(location, call);
  return { open: passing?.location === location ? () => passing.take() ?? again() : again };
}

function storeOf(step: StoreBlobStep, execution: Execution): BlobStore {
  const store = execution.deps.stores.get(step.target);
  if (store !== undefined) return store;
  throw new PhotosyncError({
    kind: "bug",
    code: "bug.unknown-store",
    message: `The plan names the store ${step.target}, which is not among the enabled ones.`,
  });
}

function proven(
  step: StoreBlobStep,
  outcome: Extract<Attempt, { kind: "proven" }>["outcome"],
  progress: StoreProgress,
): StepResult {
  if (outcome.kind === "already") return { step: step.id, outcome: "already" };
  if (outcome.kind === "replaced") {
    progress.note(`Wrong bytes found in store ${step.target} were kept at ${outcome.asidePath}`);
  }
  return { step: step.id, outcome: "done", bytes: step.bytes };
}

/** Settles a step that its store refused; null where the result comes last, with the count of what is left over. */
function refused(
  step: StoreBlobStep,
  job: BlobJob,
  tried: Extract<Attempt, { kind: "store-error" }>,
  stops: StoreStops,
): StepResult | null {
  if (tried.storeWide) return stops.stop(step, tried.error);
  return { step: step.id, outcome: "failed", failure: failureOf(job.photoId, tried.error) };
}

/**
 * Lets the stores that hold unrecorded bytes of the right size prove them, which needs no other place. What is proven is
 * settled and becomes a source for the other stores; the rest stays pending.
 */
async function* proveInPlace(
  job: BlobJob,
  execution: GroupExecution,
  call: Call,
): AsyncGenerator<StepResult> {
  for (const step of job.pending.filter(({ expects }) => expects === "unproven")) {
    if (execution.stops.has(step.target)) continue;
    const store = storeOf(step, execution);
    const nothing = () => {
      throw new PhotosyncError({
        kind: "transient",
        code: "original.not-found",
        message: "no other place was asked yet",
      });
    };
    const tried = await attempt(job, { step, store, progress: execution.progress }, { open: nothing }, call);
    if (tried.kind === "bad-source") continue;
    job.pending.splice(job.pending.indexOf(step), 1);
    if (tried.kind === "proven") {
      execution.proven.add(job.key, store);
      job.sources.unshift({ kind: "store", store });
      yield proven(step, tried.outcome, execution.progress);
    } else {
      const result = refused(step, job, tried, execution.stops);
      if (result !== null) yield result;
    }
  }
}

/**
 * Tries place after place until every pending step of the job is settled, and yields their results. The first store
 * that has the bytes is the source for the next. Stops without a result when the next place is an archive to be read in one
 * pass, unless it is the one now `passing`: then the job waits in `execution.deferred`.
 */
export async function* fillBlob(
  job: BlobJob,
  execution: GroupExecution,
  call: Call,
  passing?: PassingEntry,
): AsyncGenerator<StepResult> {
  const { stops, progress } = execution;
  for (;;) {
    throwIfAborted(call);
    const step = job.pending[0];
    if (step === undefined) return;
    const source = job.sources[0];
    if (stops.has(step.target)) {
      job.pending.shift();
      yield stops.block(step);
    } else if (source === undefined && job.askDocument !== null) {
      const trouble = await job.askDocument();
      if (trouble !== null)
        job.problems.push({ where: "its document", changed: false, message: trouble.message });
    } else if (source === undefined && execution.sourceless !== null) {
      job.pending.shift();
      execution.sourceless.push({ job, step });
    } else if (source === undefined) {
      job.pending.shift();
      yield { step: step.id, outcome: "failed", failure: sourceFailure(job, job.problems) };
    } else if (source.kind === "location" && source.streamed && source.location !== passing?.location) {
      const waiting = execution.deferred.get(source.location.path);
      if (waiting === undefined) execution.deferred.set(source.location.path, [job]);
      else waiting.push(job);
      return;
    } else {
      const store = storeOf(step, execution);
      const into = { step, store, progress };
      const tried = await attempt(job, into, bytesFrom(job, source, execution, call, passing), call);
      if (tried.kind === "bad-source") {
        job.sources.shift();
        // Only an original can have been edited; a store with other bytes has lost them.
        const changed = tried.changed && source.kind === "location";
        job.problems.push({ where: sourceName(source), changed, message: tried.message });
        if (source.kind === "store" && tried.changed) job.corrupt.push(corruptSource(job, source.store.name));
        if (source.kind === "staged") await execution.deps.staging.forget(job.hash);
        continue;
      }
      job.pending.shift();
      if (tried.kind === "proven") {
        execution.proven.add(job.key, store);
        job.sources.unshift({ kind: "store", store });
        const failure = job.corrupt.shift();
        yield { ...proven(step, tried.outcome, progress), ...(failure === undefined ? {} : { failure }) };
      } else {
        const result = refused(step, job, tried, stops);
        if (result !== null) yield result;
      }
    }
  }
}

/** Carries out a job from its start; see `fillBlob`. */
export async function* startJob(
  job: BlobJob,
  execution: GroupExecution,
  call: Call,
): AsyncGenerator<StepResult> {
  yield* proveInPlace(job, execution, call);
  yield* fillBlob(job, execution, call);
}

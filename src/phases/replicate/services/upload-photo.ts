import { failureOf, PhotosyncError } from "../../../domain/errors.js";
import type { Run } from "../../../ports/phase.js";
import type { PhotoTarget, ServiceInstance, UploadOutcome } from "../../../ports/photo-service.js";
import type { PendingUpload } from "../../../ports/upload-journal.js";
import type { ServiceDeps } from "./service-deps.js";
import type { ServiceStepResult, UploadStep } from "./service-step.js";

const markOf = ({ photo_id, hash }: UploadStep) => ({ photoId: photo_id, hash });

const notKnownYet = (step: UploadStep, cause?: unknown): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: "upload.outcome-unknown",
    message: `${step.filename} was sent to ${step.target}, which did not say whether it arrived, and does not show it yet.`,
    next: [
      "Wait some minutes and run: photosync replicate --execute; it looks again before it sends anything.",
    ],
    ...(cause === undefined ? {} : { cause }),
  });

/** True for errors after which the service certainly holds nothing of an upload. */
const isDefinite = (error: unknown): boolean =>
  error instanceof PhotosyncError && !["transient", "cancelled", "bug"].includes(error.kind);

/** What an earlier upload came to: the instance; null when it certainly did not arrive. Throws while nobody can tell. */
async function lookFor(
  step: UploadStep,
  target: PhotoTarget,
  pending: PendingUpload,
  run: Run,
): Promise<ServiceInstance | null> {
  if (pending.instanceId !== undefined) {
    const instance = await target.read(pending.instanceId, run);
    if (instance !== null) return instance;
  }
  const found = await target.find(markOf(step), pending.begunAt, run);
  if (found.kind === "found") return found.instance;
  if (found.isCertain) return null;
  throw notKnownYet(step);
}

async function send(
  step: UploadStep,
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): Promise<UploadOutcome> {
  try {
    return await target.upload(
      {
        mark: markOf(step),
        filename: step.filename,
        mimeType: step.mime_type,
        sizeBytes: step.bytes,
        fields: step.fields,
        open: () => deps.openOriginal(step),
      },
      run,
    );
  } catch (error) {
    if (isDefinite(error)) await deps.journal.settle(step.target, step.photo_id);
    throw error;
  }
}

const seenByOthers = (step: UploadStep, { visibility }: ServiceInstance): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "upload.visible",
    message: `${step.filename} was uploaded to ${step.target} as private, and the service shows it as ${visibility}.`,
    next: [
      `Look at the account's privacy settings on ${step.target}, then run: photosync replicate --execute, which narrows it.`,
    ],
  });

/**
 * Uploads a photo at most once: what an earlier run began is looked for first, and an upload that nobody knows the end of
 * is looked for before it counts as failed. The journal keeps it until the caller has recorded the instance. Throws what
 * the service throws, and `upload.outcome-unknown` (transient) while it may or may not be there.
 */
export async function uploadPhoto(
  step: UploadStep,
  target: PhotoTarget,
  deps: ServiceDeps,
  run: Run,
): Promise<ServiceStepResult> {
  const { journal } = deps;
  const earlier = (await journal.pending(step.target)).get(step.photo_id);
  if (earlier !== undefined) {
    const instance = await lookFor(step, target, earlier, run);
    if (instance !== null) {
      await journal.arrived(step.target, step.photo_id, instance.id);
      return { step: step.id, outcome: "already", instance };
    }
  }
  const pending = await journal.begin(step.target, { ...markOf(step), begunAt: run.clock.now() });
  const outcome = await send(step, target, deps, run);
  if (outcome.kind === "unknown") {
    const instance = await lookFor(step, target, pending, run);
    if (instance === null) throw notKnownYet(step, outcome.error);
    await journal.arrived(step.target, step.photo_id, instance.id);
    return { step: step.id, outcome: "done", bytes: step.bytes, instance };
  }
  const { instance } = outcome;
  await journal.arrived(step.target, step.photo_id, instance.id);
  if (outcome.kind === "already") return { step: step.id, outcome: "already", instance };
  const isExposed = target.traits.readsVisibility && instance.visibility !== "private";
  return {
    step: step.id,
    outcome: "done",
    bytes: step.bytes,
    instance,
    ...(isExposed && { failure: failureOf(step.photo_id, seenByOthers(step, instance)) }),
  };
}

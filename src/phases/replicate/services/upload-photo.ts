import { failureOf, PhotosyncError } from "../../../domain/errors.js";
import type { Run } from "../../../ports/phase.js";
import type { PhotoTarget, ServiceInstance, UploadOutcome } from "../../../ports/photo-service.js";
import type { PendingUpload } from "../../../ports/upload-journal.js";
import type { ServiceDeps } from "./service-deps.js";
import type { ServiceStepResult, UploadStep } from "./service-step.js";

/** The code of an upload that may or may not have arrived. */
export const OUTCOME_UNKNOWN = "upload.outcome-unknown";

type UploadDeps = Omit<ServiceDeps, "stops">;

const markOf = ({ photo_id, hash }: UploadStep) => ({ photoId: photo_id, hash });

/** `askAgainMs`: after how long the service will know. */
const notKnownYet = (
  step: UploadStep,
  { cause, askAgainMs }: { readonly cause?: unknown; readonly askAgainMs?: number | undefined } = {},
): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: OUTCOME_UNKNOWN,
    message: `${step.filename} was sent to ${step.target}, which did not say whether it arrived, and does not show it yet.`,
    next: [
      "Wait some minutes and run: photosync replicate --execute; it looks again before it sends anything.",
    ],
    ...(askAgainMs === undefined ? {} : { data: { askAgainMs } }),
    ...(cause === undefined ? {} : { cause }),
  });

/** True for errors after which the service certainly holds nothing of an upload. */
const isDefinite = (error: unknown): boolean =>
  error instanceof PhotosyncError && !["transient", "cancelled", "bug"].includes(error.kind);

/** What an earlier upload came to: the instance; null when it certainly is not there. Throws while nobody can tell. */
async function lookFor(
  step: UploadStep,
  target: PhotoTarget,
  earlier: PendingUpload,
  run: Run,
): Promise<ServiceInstance | null> {
  if (earlier.instanceId !== undefined) {
    const instance = await target.read(earlier.instanceId, run);
    if (instance !== null) return instance;
  }
  const found = await target.find(markOf(step), earlier.begunAt, run);
  if (found.kind === "found") return found.instance;
  if (found.isCertain) return null;
  throw notKnownYet(step, { askAgainMs: found.askAgainMs });
}

/** An upload of which this library knows nothing, such as one that was made from another computer and undone. */
async function lookForOthers(
  step: UploadStep,
  target: PhotoTarget,
  run: Run,
): Promise<ServiceInstance | null> {
  const found = await target.find(markOf(step), undefined, run);
  return found.kind === "found" ? found.instance : null;
}

/** Sends the original from one place after the other, until one gives the bytes that were recorded. */
async function send(
  step: UploadStep,
  target: PhotoTarget,
  deps: UploadDeps,
  run: Run,
): Promise<UploadOutcome> {
  const original = deps.originalOf(step, run);
  const upload = {
    mark: markOf(step),
    filename: step.filename,
    mimeType: step.mime_type,
    sizeBytes: step.bytes,
    fields: step.fields,
    open: () => original.open(),
  };
  const nothingSent = () => deps.journal.settle(step.target, [step.photo_id]);
  for (;;) {
    try {
      const outcome = await target.upload(upload, run);
      if (outcome.kind !== "unknown" || original.failure === null) return outcome;
    } catch (error) {
      if (original.failure === null || run.signal.aborted) {
        if (isDefinite(error)) await nothingSent();
        throw error;
      }
    }
    // A body that was never ended is no upload: its last bytes are held back until the hash is known.
    if (original.isExhausted) {
      await nothingSent();
      throw original.failure;
    }
    original.nextPlace();
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
 * Uploads a photo at most once: before anything is sent the service is asked for an earlier upload, the one that this library
 * remembers or any that bears the photo's mark; and an upload that nobody knows the end of is looked for before it counts
 * as failed. The journal keeps it until the caller has recorded the instance. Throws what the service throws, and
 * `upload.outcome-unknown` (transient) while it may or may not be there.
 */
export async function uploadPhoto(
  step: UploadStep,
  target: PhotoTarget,
  deps: UploadDeps,
  run: Run,
): Promise<ServiceStepResult> {
  const { journal } = deps;
  const begin = () => journal.begin(step.target, { ...markOf(step), begunAt: run.clock.now() });
  const arrived = ({ id }: ServiceInstance) => journal.arrived(step.target, step.photo_id, id);
  const earlier = await journal.known(step.target, step.photo_id);
  const there =
    earlier === null ? await lookForOthers(step, target, run) : await lookFor(step, target, earlier, run);
  const pending = await begin();
  if (there !== null) {
    await arrived(there);
    return { step: step.id, outcome: "already", instance: there };
  }
  const outcome = await send(step, target, deps, run);
  if (outcome.kind === "unknown") {
    const instance = await lookFor(step, target, pending, run);
    if (instance === null) throw notKnownYet(step, { cause: outcome.error });
    await arrived(instance);
    return { step: step.id, outcome: "done", bytes: step.bytes, instance };
  }
  const { instance } = outcome;
  await arrived(instance);
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

import { failureOf, PhotosyncError } from "../../../domain/errors.js";
import { sameJson } from "../../../domain/same-json.js";
import { saidFields } from "../../../domain/service-fields.js";
import type { Run } from "../../../ports/phase.js";
import type { EditOutcome, PhotoTarget, ServiceInstance } from "../../../ports/photo-service.js";
import type { ServiceStepResult, SetMetadataStep, SetVisibilityStep } from "./service-step.js";

type EditStep = SetMetadataStep | SetVisibilityStep;

/** A step that was not carried out because the service no longer shows what the plan was made from. */
function blocked(step: EditStep, instance: ServiceInstance | null): ServiceStepResult {
  const error = new PhotosyncError({
    kind: "partial",
    code: instance === null ? "instance.gone" : "instance.changed",
    message:
      instance === null
        ? `${step.target} no longer shows ${step.instance}; nothing was changed there.`
        : `${step.target} says something else of ${step.instance} than when it was last read, so nothing was changed there.`,
    next: [
      `Run: photosync discover --service ${step.target}, then: photosync resolve, then: photosync replicate`,
    ],
  });
  const failure = failureOf(step.photo_id, error);
  return { step: step.id, outcome: "blocked", failure, ...(instance === null ? {} : { instance }) };
}

const ended = (step: EditStep, outcome: EditOutcome): ServiceStepResult =>
  outcome.kind === "edited"
    ? { step: step.id, outcome: "done", instance: outcome.instance }
    : blocked(step, outcome.instance);

/** Writes the fields if the service still says what it is on record for; otherwise leaves it alone. */
export async function setMetadata(
  step: SetMetadataStep,
  target: PhotoTarget,
  run: Run,
): Promise<ServiceStepResult> {
  const now = await target.read(step.instance, run);
  if (now === null || !sameJson(saidFields(now.record.facts, step.fields), step.expects))
    return blocked(step, now);
  return ended(step, await target.edit(step.instance, now.version, step.fields, run));
}

/** Carries out a change of who may see an instance. Where the level moved meanwhile nothing is done. */
export async function setVisibility(
  step: SetVisibilityStep,
  target: PhotoTarget,
  run: Run,
): Promise<ServiceStepResult> {
  return ended(step, await target.setVisibility(step.instance, step.change, run));
}

import type { PhotoDocument } from "../../../domain/photo.js";
import { withOwnInstance } from "../../../domain/record-instance.js";
import type { PhotoTarget, ServiceInstance } from "../../../ports/photo-service.js";
import type { ServiceStep, ServiceStepResult } from "./service-step.js";

/** What a step showed of an instance, to be written into its photo's document. */
export interface SeenInstance {
  readonly step: ServiceStep;
  readonly instance: ServiceInstance;
  /** True for the instance of an upload: then the bytes there are the original's, as far as the service keeps them. */
  readonly isUpload: boolean;
}

/** The instances that results speak of, by photo. */
export function instancesByPhoto(
  steps: readonly ServiceStep[],
  results: readonly ServiceStepResult[],
): ReadonlyMap<string, readonly SeenInstance[]> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const seen = new Map<string, SeenInstance[]>();
  for (const { step: id, instance } of results) {
    const step = byId.get(id);
    if (step === undefined || instance === undefined) continue;
    const known = seen.get(step.photo_id) ?? [];
    known.push({ step, instance, isUpload: step.action === "upload" });
    seen.set(step.photo_id, known);
  }
  return seen;
}

/** The document with what its steps on services showed, in the order in which they were settled. */
export function withSeenInstances(
  document: PhotoDocument,
  seen: readonly SeenInstance[],
  targets: ReadonlyMap<string, Pick<PhotoTarget, "traits">>,
  now: string,
): PhotoDocument {
  return seen.reduce((known, { step, instance, isUpload }) => {
    const keepsOriginals = targets.get(step.target)?.traits.keepsOriginals === true;
    const obtainable = instance.obtainable === "nothing" ? "unknown" : instance.obtainable;
    const found = {
      id: instance.id,
      quality: isUpload && keepsOriginals ? ("original" as const) : obtainable,
      visibility: instance.visibility,
      locations: [],
      record: instance.record,
      bytesStamp: instance.bytesStamp,
      ...(instance.url !== undefined && { url: instance.url }),
    };
    return withOwnInstance(known, step.target, found, now);
  }, document);
}

import type { ErrorKind } from "../../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../../domain/ids.js";
import type { Json } from "../../../domain/photo.js";
import type { WrittenFields } from "../../../domain/service-fields.js";
import type { VisibilityChange } from "../../../domain/visibility-change.js";
import type { Step, StepResult } from "../../../ports/phase.js";
import type { ServiceInstance } from "../../../ports/photo-service.js";

interface OnService extends Step {
  readonly photo_id: PhotoId;
  /** The account's name. */
  readonly target: string;
}

/** Puts a photo on a service, as private as the service can make it. */
export interface UploadStep extends OnService {
  readonly action: "upload";
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly mime_type: string;
  readonly filename: string;
  readonly fields: WrittenFields;
  /**
   * `absent`: nothing is known of it there. `unknown`: an earlier run sent it and never learned what came of it, so that
   * the service is asked first.
   */
  readonly expects: "absent" | "unknown";
}

/** Writes canonical values over what a service says of one of its instances. */
export interface SetMetadataStep extends OnService {
  readonly action: "set-metadata";
  /** The instance's id on the service. */
  readonly instance: string;
  readonly fields: WrittenFields;
  /** What the service is on record to say in these fields: if it says otherwise by now, nothing is written. */
  readonly expects: Readonly<Record<string, Json>>;
}

/** Changes who may see one instance. The change itself carries the approval that a widening needs. */
export interface SetVisibilityStep extends OnService {
  readonly action: "set-visibility";
  readonly instance: string;
  readonly change: VisibilityChange;
}

export type ServiceStep = UploadStep | SetMetadataStep | SetVisibilityStep;

/** What is too visible is not to wait for anything else. */
export const isNarrowing = (step: ServiceStep): boolean =>
  step.action === "set-visibility" && step.change.kind === "narrow";

/** What a step on a service came to, with the instance as it was read back. */
export interface ServiceStepResult extends StepResult {
  readonly instance?: ServiceInstance;
  /** Of the error that the failure tells of. */
  readonly errorKind?: ErrorKind;
}

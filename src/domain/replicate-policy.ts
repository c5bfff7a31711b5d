import type { WritableField } from "./service-fields.js";
import type { ServiceView, UploadChoice } from "./service-wishes.js";

/** What the owner lets `replicate` do on an account: `replicate` of its entry in `config/services.json`. */
export interface ReplicatePolicy {
  /** Which photos are uploaded where they are missing: photos in one of these albums or with one of these tags. None unless told. */
  readonly photos?:
    | "all"
    | "none"
    | { readonly albums?: readonly string[]; readonly tags?: readonly string[] };
  /** What is written of each; `USUAL_FIELDS` unless told. */
  readonly fields?: readonly WritableField[];
  /** False where who may see a photo there is left to the owner. */
  readonly visibility?: boolean;
}

/** Words and dates. A place says where somebody lives, and an album may be shared: both only where the owner names them. */
export const USUAL_FIELDS: readonly WritableField[] = ["title", "caption", "tags", "taken_date"];

function choiceOf(photos: ReplicatePolicy["photos"] = "none"): UploadChoice {
  if (typeof photos === "string") return { kind: photos };
  return { kind: "some", albums: photos.albums ?? [], tags: photos.tags ?? [] };
}

/** What planning asks of a service; the rest of `ServiceTraits` is of no interest to it. */
type Abilities = Pick<ServiceView, "settableVisibilities" | "uploadLimits" | "uploadTypes"> & {
  readonly editableFields: ReadonlySet<WritableField>;
};

/** An account as its policy and its service allow it to be written to. */
export const viewOf = (name: string, policy: ReplicatePolicy, can: Abilities): ServiceView => ({
  name,
  uploads: choiceOf(policy.photos),
  fields: new Set((policy.fields ?? USUAL_FIELDS).filter((field) => can.editableFields.has(field))),
  settableVisibilities: can.settableVisibilities,
  leavesVisibility: policy.visibility === false,
  ...(can.uploadLimits !== undefined && { uploadLimits: can.uploadLimits }),
  ...(can.uploadTypes !== undefined && { uploadTypes: can.uploadTypes }),
});

import type { PhotoId } from "../../domain/ids.js";
import type { Conflict, VariantRole } from "../../domain/photo.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Step, StepResult } from "../../ports/phase.js";

/** A photo that becomes a variant of the step's photo. */
export interface Member {
  readonly photo_id: PhotoId;
  readonly path: string;
  readonly role: VariantRole;
  /** The evidence in words. */
  readonly reasons: readonly string[];
}

/** One photo is settled, after others joined it (`join-photos`) or as it is. */
export interface ResolveStep extends Step {
  readonly action: "resolve-photo" | "join-photos";
  readonly photo_id: PhotoId;
  readonly path: string;
  readonly members: readonly Member[];
  /** The questions on other pictures that it has afterwards. */
  readonly asked: readonly Conflict[];
}

export interface ResolveResultStep extends StepResult {
  /** Of the photo's document and those of its members, which are removed. */
  readonly edits: readonly FileEdit[];
}

/** The photos whose documents a step writes or removes. */
export const photosOfStep = ({ photo_id, members }: ResolveStep): readonly PhotoId[] => [
  photo_id,
  ...members.map((member) => member.photo_id),
];

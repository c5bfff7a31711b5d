import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { BlobRow } from "../../ports/catalog.js";
import type { Step } from "../../ports/phase.js";
import type { ServiceStep } from "./services/service-step.js";

/** Puts one blob into one store and proves it there. */
export interface StoreBlobStep extends Step {
  readonly action: "store-blob";
  readonly photo_id: PhotoId;
  /** The store's name. */
  readonly target: string;
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly role: BlobRow["role"];
  /**
   * What stood under the key when it was looked at: nothing; something of the right size that no document vouches for; or
   * bytes known to be wrong. `put` looks again before it acts, so a change in between does no harm.
   */
  readonly expects: "absent" | "unproven" | "wrong";
}

/**
 * Notes in the document that every blob of the photo is recorded in every store, as after an undo of the state alone;
 * moves no bytes. A store that cannot be reached now does not hinder it: its replicas were proven when they were recorded.
 */
export interface MarkReplicatedStep extends Step {
  readonly action: "mark-replicated";
  readonly photo_id: PhotoId;
  readonly target: "library";
}

export type StoreStep = StoreBlobStep | MarkReplicatedStep;
export type ReplicateStep = StoreStep | ServiceStep;

export const isServiceStep = (step: ReplicateStep): step is ServiceStep =>
  step.action !== "store-blob" && step.action !== "mark-replicated";

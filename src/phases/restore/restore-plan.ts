import type { Failure } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { VariantRole } from "../../domain/photo.js";

/** One name that a file is to have. */
export interface PlannedPlace {
  /** Relative to the folder that is restored to, with `/`. */
  readonly path: string;
  readonly state:
    | "write"
    /** Other bytes stand there, and the owner said that they may go. */
    | "replace"
    /** The very bytes stand there: equal size, and equal hash of what was read. */
    | "there"
    /** Nothing is done; a failure of the plan says why. */
    | "held";
}

/** One original or variant: where its bytes are to be had, and all its names. */
export interface PlannedBlob {
  readonly role: "original" | VariantRole;
  readonly hash: ContentHash;
  readonly key: BlobKey;
  readonly bytes: number;
  /** Stores that record it, in the order in which they are asked. */
  readonly stores: readonly string[];
  /** One in each folder; all but the first are links where the disk knows them. */
  readonly places: readonly PlannedPlace[];
}

export interface PlannedPhoto {
  readonly photo_id: PhotoId;
  /** Path of its document. */
  readonly document: string;
  /** The time of last change that its files get, in milliseconds since 1970; null where it has no date. */
  readonly modifiedMs: number | null;
  readonly blobs: readonly PlannedBlob[];
  /** XMP sidecars of the original, each with the name of the file that it stands beside. */
  readonly sidecars: readonly (PlannedPlace & { readonly filename: string })[];
}

/** What `restore` will do: the same object is shown by a dry run and carried out by the deed. */
export interface RestorePlan {
  /** In the order of their first paths. */
  readonly photos: readonly PlannedPhoto[];
  /** Why places are held. */
  readonly failures: readonly Failure[];
}

/** A file that the plan writes, as people and programs see it. */
export interface RestoreStep {
  readonly action: "write-file" | "replace-file" | "link-file" | "write-sidecar" | "replace-sidecar";
  readonly photo_id: string;
  readonly target: string;
  readonly why: string;
  readonly bytes?: number;
  /** The store that is asked first. */
  readonly from?: string;
}

const isWritten = ({ state }: PlannedPlace): boolean => state === "write" || state === "replace";

/** The places that a blob's bytes are written to: the first takes them from a store, and gives them to the rest. */
export const writtenPlaces = (blob: PlannedBlob): readonly PlannedPlace[] => blob.places.filter(isWritten);

function* stepsOf(photo: PlannedPhoto): Generator<RestoreStep> {
  const { photo_id } = photo;
  for (const blob of photo.blobs) {
    const { bytes, stores } = blob;
    const whole = blob.places.find(({ state }) => state === "there");
    let given = whole?.path;
    for (const { path, state } of writtenPlaces(blob)) {
      if (given !== undefined && state === "write") {
        yield { action: "link-file", photo_id, target: path, why: `the same file as ${given}` };
        continue;
      }
      const [from] = stores;
      yield {
        action: state === "replace" ? "replace-file" : "write-file",
        photo_id,
        target: path,
        why: state === "replace" ? "in place of other bytes" : `from store ${from}`,
        bytes,
        ...(from !== undefined && { from }),
      };
      given ??= path;
    }
  }
  for (const { path, state, filename } of photo.sidecars.filter(isWritten)) {
    const action = state === "replace" ? "replace-sidecar" : "write-sidecar";
    yield { action, photo_id, target: path, why: `what the library says of ${filename}` };
  }
}

/** What the plan writes, in its order. */
export const restoreSteps = (plan: RestorePlan): RestoreStep[] =>
  plan.photos.flatMap((photo) => [...stepsOf(photo)]);

/** Bytes that the plan needs on the disk it writes to. */
export const bytesToWrite = (steps: readonly RestoreStep[]): number =>
  steps.reduce((sum, step) => sum + (step.bytes ?? 0), 0);

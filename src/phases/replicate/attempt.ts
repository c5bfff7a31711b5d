import { type Failure, PhotosyncError } from "../../domain/errors.js";
import { cancelled } from "../../infra/until-aborted.js";
import type { BlobSource, BlobStore, PutOutcome } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { BlobJob } from "./blob-job.js";
import type { StoreBlobStep } from "./replicate-step.js";
import type { StoreProgress } from "./store-progress.js";
import { isStoreWide } from "./store-stops.js";

/** How one `put` of one blob from one place ended. */
export type Attempt =
  | { readonly kind: "proven"; readonly outcome: PutOutcome }
  /** The place gave no bytes, or others than recorded: another place may do better. */
  | { readonly kind: "bad-source"; readonly changed: boolean; readonly message: string }
  /** The store could not take it, and would not from another place either. */
  | { readonly kind: "store-error"; readonly error: PhotosyncError; readonly storeWide: boolean };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where a blob is to go. */
export interface Into {
  readonly step: StoreBlobStep;
  readonly store: BlobStore;
  readonly progress: StoreProgress;
}

/**
 * Puts the job's blob into the store with the bytes that the source gives, and tells whose fault a failure was. Throws
 * `cancelled` after an abort, and what must stop the run: anything that no adapter explained (a defect). Keys that a store does not take stop that store alone.
 */
export async function attempt(
  job: BlobJob,
  { step, store, progress }: Into,
  source: Pick<BlobSource, "open" | "spareFile">,
  call: Call,
): Promise<Attempt> {
  let sourceErrors: unknown[] = [];
  const blob: BlobSource = {
    ...source,
    key: job.key,
    hash: job.hash,
    sizeBytes: job.bytes,
    isNew: step.expects === "absent",
    async *open(into) {
      sourceErrors = [];
      let readBytes = 0;
      try {
        for await (const chunk of source.open(into)) {
          readBytes += chunk.length;
          progress.read(step, readBytes);
          yield chunk;
        }
      } catch (error) {
        sourceErrors.push(error);
        throw error;
      }
    },
  };
  try {
    return { kind: "proven", outcome: await store.put(blob, call) };
  } catch (error) {
    if (call.signal.aborted) throw cancelled(call);
    if (sourceErrors.length > 0) {
      return { kind: "bad-source", changed: false, message: messageOf(sourceErrors[0]) };
    }
    if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
    if (error.code === "blob.wrong-bytes") {
      return { kind: "bad-source", changed: true, message: "other bytes than recorded" };
    }
    return { kind: "store-error", error, storeWide: isStoreWide(error) };
  }
}

/** A replica that a document records and whose bytes proved wrong when they were read as a source. */
export const corruptSource = (job: BlobJob, store: string): Failure => ({
  subject: job.photoId,
  code: "replica.corrupt",
  message: `Store ${store} holds other bytes than recorded for ${job.filename} (${job.key}).`,
  hint: `Run: photosync verify --deep --store ${store}, then: photosync replicate --execute`,
});

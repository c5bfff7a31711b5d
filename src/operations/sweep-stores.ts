import { type Failure, PhotosyncError } from "../domain/errors.js";
import { cancelled } from "../infra/until-aborted.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Run } from "../ports/phase.js";

/**
 * Clears away what killed runs left half-written in these stores. A store in which that fails is told as a failure: what
 * lies there takes room and harms nothing, so the other stores, and the blobs of this one, are seen to all the same.
 * Throws `cancelled`, and a defect as it is.
 */
export async function sweepStores(stores: Iterable<BlobStore>, run: Run): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const sweep = async (store: BlobStore) => {
    try {
      await store.sweep(run);
    } catch (error) {
      if (run.signal.aborted) throw cancelled(run);
      if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
      failures.push({
        subject: `store ${store.name}`,
        code: "store.not-swept",
        message: `What an interrupted run left in store ${store.name} could not be cleared away: ${error.message}`,
        hint: error.next.join(" ") || "See whether its disk is well: photosync doctor",
      });
    }
  };
  await Promise.all([...stores].map(sweep));
  return failures.sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

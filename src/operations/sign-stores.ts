import { type Failure, PhotosyncError } from "../domain/errors.js";
import { cancelled } from "../infra/until-aborted.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Catalog } from "../ports/catalog.js";
import type { Run } from "../ports/phase.js";

/**
 * Stores that were marked before marks said whose they are say it from now on, if they hold what documents record there. To be called before
 * anything is stored: a store that has its first blob of this library since just now may be another's of the same name. Throws
 * `cancelled`, and a defect as it is.
 */
export async function signStores(
  catalog: Catalog,
  stores: readonly BlobStore[],
  run: Run,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const store of stores) {
    try {
      await store.sign?.(() => recordedIn(catalog, store.name), run);
    } catch (error) {
      if (run.signal.aborted) throw cancelled(run);
      if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
      // That it is not there is told by whatever else was to be done in it.
      if (error.code === "store.unavailable") continue;
      failures.push({
        subject: `store ${store.name}`,
        code: "store.not-signed",
        message: `The mark of store ${store.name} could not be made to say whose store it is: ${error.message}`,
        hint: error.next.join(" ") || "Run: photosync replicate --execute",
      });
    }
  }
  return failures;
}

function* recordedIn(catalog: Catalog, store: string) {
  for (const row of catalog.rows())
    for (const { key, bytes, stores } of row.blobs) if (Object.hasOwn(stores, store)) yield { key, bytes };
}

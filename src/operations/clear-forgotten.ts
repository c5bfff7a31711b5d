import { startingWith } from "../control/index-keys.js";
import type { LocalIndex } from "../control/local-index.js";
import { type Failure, failureOf, PhotosyncError } from "../domain/errors.js";
import { type Tombstone, withCleared } from "../domain/tombstone.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Run } from "../ports/phase.js";
import { stagingOf } from "./open-staging.js";

/** What clearing one store came to. */
export interface Cleared {
  readonly tombstone: Tombstone;
  readonly removed: number;
  /** Why the store is not cleared yet; null where it is. */
  readonly failure: Failure | null;
}

/**
 * Removes every blob of a forgotten photo from a store, and tells the tombstone as it is to be recorded then. A store that cannot be asked, or
 * refuses, stays pending, and is told as a failure. Throws `cancelled`, and a defect as it is.
 */
export async function clearStore(store: BlobStore, tombstone: Tombstone, run: Run): Promise<Cleared> {
  let removed = 0;
  let olderStay = false;
  try {
    for (const key of tombstone.blob_keys) {
      throwIfAborted(run);
      const removal = await store.remove(key, run);
      removed += removal.removed;
      olderStay ||= removal.olderStay;
    }
    return { tombstone: withCleared(tombstone, store.name, olderStay), removed, failure: null };
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled") throw error;
    return { tombstone, removed, failure: failureOf(`store ${store.name}`, error) };
  }
}

/**
 * Removes what this computer keeps at hand of forgotten bytes: staged files, and what the index knows of them. Sidecars may speak of
 * them, so what was read of all sidecars goes, and is read again when it is wanted.
 */
export async function clearLocal(
  { libraryRoot, index }: { readonly libraryRoot: string; readonly index: LocalIndex },
  { content_hashes: hashes }: Tombstone,
  run: Run,
): Promise<void> {
  const staged = stagingOf(libraryRoot, run);
  const gone = new Set<string>(hashes);
  for (const hash of hashes) {
    await staged.forget(hash);
    await index.readings.remove(hash);
    await index.looks.remove(hash);
    for (const { key } of [...index.merged.getRange(startingWith(hash))]) await index.merged.remove(key);
  }
  for (const { key, value } of index.files.getRange({})) {
    throwIfAborted(run);
    const { examined } = value;
    const isSidecar = examined.kind === "json" || examined.kind === "xmp";
    if (isSidecar || ("hash" in examined && gone.has(examined.hash))) await index.files.remove(key);
  }
  await index.small.clearAsync();
  await index.findings.clearAsync();
  await index.streams.clearAsync();
  await index.scans.clearAsync();
}

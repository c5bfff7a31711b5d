import { tombstoneEdit } from "../control/tombstones.js";
import type { Failure } from "../domain/errors.js";
import type { Tombstone } from "../domain/tombstone.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { clearStore } from "./clear-forgotten.js";
import { stagingOf } from "./open-staging.js";
import type { PlannedStep } from "./results.js";

/** What is left to be removed of forgotten photos, in stores that can be asked now. */
export interface ForgottenBlobs {
  readonly removals: readonly { readonly tombstone: Tombstone; readonly store: BlobStore }[];
  readonly steps: readonly PlannedStep[];
}

/** What removing it came to. */
export interface RemovedBlobs {
  /** Removals that were carried out. */
  readonly done: number;
  readonly failures: readonly Failure[];
  readonly edits: readonly FileEdit[];
  /** For the operation's line; null where nothing was removed. */
  readonly summary: string | null;
}

/**
 * The stores that wait to be cleared of a forgotten photo and can be, and those on this computer's disks that have a blob of one all the same:
 * another computer forgot it, or somebody put it back. A blob that a photo has again is not among them.
 */
export async function forgottenBlobs(
  tombstones: readonly Tombstone[],
  stores: readonly { readonly store: BlobStore; readonly isLocal: boolean }[],
  run: Run,
): Promise<ForgottenBlobs> {
  const removals: { tombstone: Tombstone; store: BlobStore }[] = [];
  for (const { store, isLocal } of stores) {
    const asked = tombstones.filter(({ pending }) => isLocal || pending.includes(store.name));
    if (asked.length === 0 || (await store.availability(run)) !== "ready") continue;
    const found = isLocal
      ? await store.stat(
          asked.flatMap(({ blob_keys }) => blob_keys),
          run,
        )
      : null;
    for (const tombstone of asked) {
      const isPending = tombstone.pending.includes(store.name);
      if (isPending || tombstone.blob_keys.some((key) => found?.has(key)))
        removals.push({ tombstone, store });
    }
  }
  const steps = removals.map(({ tombstone, store }) => ({
    action: "remove-blob",
    photo_id: tombstone.photo_id,
    target: store.name,
    why: `forgotten on ${tombstone.forgotten_at.slice(0, 10)}`,
  }));
  return { removals, steps };
}

/** Carries these removals out, and lets go of what staging has of any forgotten photo. Throws `cancelled`, and a defect as it is. */
export async function removeForgotten(
  { removals }: ForgottenBlobs,
  tombstones: readonly Tombstone[],
  libraryRoot: string,
  run: Run,
): Promise<RemovedBlobs> {
  const staged = stagingOf(libraryRoot, run);
  for (const { content_hashes } of tombstones) for (const hash of content_hashes) await staged.forget(hash);
  const present = new Map(tombstones.map((each) => [each.photo_id, each]));
  const failures: Failure[] = [];
  let done = 0;
  for (const { tombstone, store } of removals) {
    const cleared = await clearStore(store, present.get(tombstone.photo_id) ?? tombstone, run);
    present.set(tombstone.photo_id, cleared.tombstone);
    if (cleared.failure === null) done++;
    else failures.push(cleared.failure);
  }
  const changed = tombstones.flatMap((each) => {
    const now = present.get(each.photo_id) ?? each;
    return now === each ? [] : [now];
  });
  const photos = new Set(removals.map(({ tombstone }) => tombstone.photo_id)).size;
  return {
    done,
    failures,
    edits: changed.map(tombstoneEdit),
    summary: done === 0 ? null : `${photos} forgotten ${photos === 1 ? "photo" : "photos"} removed`,
  };
}

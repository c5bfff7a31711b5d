import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Availability, BlobStore } from "../../ports/blob-store.js";
import type { BlobRow } from "../../ports/catalog.js";
import type { Run } from "../../ports/phase.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import { NO_SERVICES, type SeenServices } from "./services/observe-services.js";

/** A blob that a store lacks, holds in another size, holds unrecorded, or holds under suspicion. */
export interface SeenCopy {
  readonly photo_id: PhotoId;
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly role: BlobRow["role"];
  readonly store: string;
  readonly recorded: boolean;
  /** Size under the key in the store, or null where there is nothing. */
  readonly found_bytes: number | null;
  readonly suspect: boolean;
}

export interface SeenStore {
  readonly name: string;
  readonly availability: Availability;
  /** Why it is gone, where it said so. */
  readonly trouble?: string;
  /** True when `replicate` is to fill it. */
  readonly target: boolean;
  /** Replicas that the documents record in it. */
  readonly recorded: number;
  /** Blobs, and their bytes, that the documents do not record in it. */
  readonly unrecorded: number;
  readonly unrecorded_bytes: number;
}

/** What replicating needs to know: only what is not as it should be, so its size follows the work and not the library. */
export interface SeenReplicas {
  readonly revision: string;
  readonly stores: readonly SeenStore[];
  readonly copies: readonly SeenCopy[];
  /** Photos in state `resolved`, without open conflicts, whose every blob is recorded in every enabled store. */
  readonly complete: readonly PhotoId[];
  /** Documents that cannot be used. */
  readonly invalid: readonly Failure[];
  readonly services: SeenServices;
}

/** True where a store cannot be asked, or answers in a way from which nothing can be concluded. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof PhotosyncError && ["store.unavailable", "store.unreliable"].includes(error.code);

/** What a store holds, by key; null when it went away. About 200 bytes of memory a blob, for one store at a time. */
async function listing(store: BlobStore, run: Run): Promise<ReadonlyMap<BlobKey, number> | null> {
  const held = new Map<BlobKey, number>();
  try {
    for await (const { key, sizeBytes } of store.list(run)) {
      throwIfAborted(run);
      held.set(key, sizeBytes);
      run.progress.advance({ count: 1 });
    }
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
  return held;
}

interface Lacking {
  readonly copies: readonly SeenCopy[];
  readonly recorded: number;
  readonly unrecorded: number;
  readonly unrecordedBytes: number;
}

/** Compares what is recorded in a store with what it holds, in one pass: unpacking the rows is most of the work. */
function compare(deps: ReplicateDeps, store: string, held: ReadonlyMap<BlobKey, number>, run: Run): Lacking {
  const copies: SeenCopy[] = [];
  let recordedCount = 0;
  let unrecorded = 0;
  let unrecordedBytes = 0;
  for (const row of deps.catalog.rows()) {
    throwIfAborted(run);
    for (const { key, hash, bytes, role, stores } of row.blobs) {
      const recorded = Object.hasOwn(stores, store);
      if (recorded) recordedCount++;
      else {
        unrecorded++;
        unrecordedBytes += bytes;
      }
      const found_bytes = held.get(key) ?? null;
      const suspect = found_bytes !== null && deps.suspects.has(store, key);
      if (recorded && found_bytes === bytes && !suspect) continue;
      copies.push({ photo_id: row.photo_id, key, hash, bytes, role, store, recorded, found_bytes, suspect });
    }
  }
  return { copies, recorded: recordedCount, unrecorded, unrecordedBytes };
}

async function observeStore(
  deps: ReplicateDeps,
  store: BlobStore,
  said: Availability,
  run: Run,
): Promise<{ readonly seen: SeenStore; readonly copies: readonly SeenCopy[] }> {
  const { name } = store;
  run.progress.stage(`Looking at store ${name}`, {});
  const held = said === "ready" ? await listing(store, run) : new Map<BlobKey, number>();
  const { copies, recorded, unrecorded, unrecordedBytes } = compare(deps, name, held ?? new Map(), run);
  // Only the documents know that an empty folder stands where a used store should be.
  const gone = said === "gone" || held === null || (said === "new" && recorded > 0);
  return {
    seen: {
      name,
      availability: gone ? "gone" : said,
      ...(gone ? because(store) : {}),
      target: deps.targets.has(name),
      recorded,
      unrecorded,
      unrecorded_bytes: unrecordedBytes,
    },
    copies: gone ? [] : copies,
  };
}

function because(store: BlobStore): { readonly trouble?: string } {
  const trouble = store.trouble?.() ?? null;
  return trouble === null ? {} : { trouble: trouble.message.replace(/\.$/, "") };
}

function completePhotos(deps: ReplicateDeps): readonly PhotoId[] {
  const stores = [...deps.stores.keys()];
  const complete: PhotoId[] = [];
  for (const row of deps.catalog.rows()) {
    if (row.processing_state !== "resolved" || row.conflicts > 0) continue;
    if (row.blobs.every((blob) => stores.every((store) => Object.hasOwn(blob.stores, store)))) {
      complete.push(row.photo_id);
    }
  }
  return complete;
}

/**
 * Compares what the documents record with what each enabled store really holds. Reads only. All are asked at
 * once whether they are there; then one after the other is listed, as a listing is held in memory.
 * A store that cannot be reached, even in the middle of its listing, is `gone` and nothing is concluded from it.
 */
export async function observeReplicas(deps: ReplicateDeps, run: Run): Promise<SeenReplicas> {
  const stores: SeenStore[] = [];
  const copies: SeenCopy[] = [];
  const all = [...deps.stores.values()];
  run.progress.stage("Looking at the stores", {});
  const said = await Promise.all(all.map((store) => store.availability(run)));
  for (const [at, store] of all.entries()) {
    throwIfAborted(run);
    const observed = await observeStore(deps, store, said[at] ?? "gone", run);
    stores.push(observed.seen);
    for (const copy of observed.copies) copies.push(copy);
  }
  return {
    revision: deps.catalog.revision,
    stores,
    copies,
    complete: completePhotos(deps),
    invalid: deps.catalog.invalid(),
    services: NO_SERVICES,
  };
}

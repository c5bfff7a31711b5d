import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Availability, BlobStore } from "../../ports/blob-store.js";
import type { BlobRow } from "../../ports/catalog.js";
import type { Run } from "../../ports/phase.js";
import { ExpectedBlobs } from "./expected-blobs.js";
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

/** Progress is told after so many blobs of a listing: telling of each takes longer than looking at it. */
const TOLD_AT_ONCE = 500;
const ABSENT = -1;

/** Sizes of a store's blobs by their place in `expected`; null when it went away. */
async function listing(store: BlobStore, expected: ExpectedBlobs, run: Run): Promise<Float64Array | null> {
  const { name } = store;
  const sizes = new Float64Array(expected.places).fill(ABSENT);
  let untold = 0;
  try {
    for await (const { key, sizeBytes } of store.list(run)) {
      throwIfAborted(run);
      const place = expected.placeOf(key);
      if (place !== undefined) sizes[place] = sizeBytes;
      untold++;
      if (untold < TOLD_AT_ONCE) continue;
      run.progress.advance({ count: untold }, name);
      untold = 0;
    }
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
  run.progress.advance({ count: untold }, name);
  return sizes;
}

/** What is not as it should be in a store that holds blobs of these sizes. */
function compare(
  { suspects }: ReplicateDeps,
  store: string,
  expected: ExpectedBlobs,
  sizes: Float64Array,
): readonly SeenCopy[] {
  const isAmiss = (key: BlobKey, place: number, bytes: number, isRecorded: boolean) =>
    !isRecorded || sizes[place] !== bytes || suspects.has(store, key);
  return Array.from(expected.lookUp(store, isAmiss), ({ photo_id, blob, place, isRecorded }) => {
    const { key, hash, bytes, role } = blob;
    const size = sizes[place] ?? ABSENT;
    const found_bytes = size === ABSENT ? null : size;
    const suspect = found_bytes !== null && suspects.has(store, key);
    return { photo_id, key, hash, bytes, role, store, recorded: isRecorded, found_bytes, suspect };
  });
}

async function observeStore(
  deps: ReplicateDeps,
  store: BlobStore,
  said: Availability,
  expected: ExpectedBlobs,
  run: Run,
): Promise<{ readonly seen: SeenStore; readonly copies: readonly SeenCopy[] }> {
  const { name } = store;
  const target = deps.targets.has(name);
  const { count, lacking, lackingBytes } = expected.recordedIn(name);
  // What another store holds matters only where a photo could be told to be in all of them.
  const isListed = said === "ready" && (target || expected.complete.length > 0);
  if (isListed) run.progress.stage(`Looking at store ${name}`, {}, name);
  const nothing = () => new Float64Array(expected.places).fill(ABSENT);
  const held = isListed ? await listing(store, expected, run) : nothing();
  // Only the documents know that an empty folder stands where a used store should be.
  const gone = said === "gone" || held === null || (said === "new" && count > 0);
  return {
    seen: {
      name,
      availability: gone ? "gone" : said,
      ...(gone ? because(store) : {}),
      target,
      recorded: count,
      unrecorded: lacking,
      unrecorded_bytes: lackingBytes,
    },
    copies: gone || (said === "ready" && !isListed) ? [] : compare(deps, name, expected, held),
  };
}

function because(store: BlobStore): { readonly trouble?: string } {
  const trouble = store.trouble?.() ?? null;
  return trouble === null ? {} : { trouble: trouble.message.replace(/\.$/, "") };
}

/**
 * Compares what the documents record with what each enabled store really holds. Reads only. All are asked at
 * once whether they are there; the documents are gone through once for all of them, and then they are listed side by side. Stores that are no
 * targets are not listed where nothing depends on what they hold.
 * A store that cannot be reached, even in the middle of its listing, is `gone` and nothing is concluded from it.
 */
export async function observeReplicas(deps: ReplicateDeps, run: Run): Promise<SeenReplicas> {
  const all = [...deps.stores.values()];
  run.progress.stage("Looking at the stores", {});
  const said = await Promise.all(all.map((store) => store.availability(run)));
  const expected = new ExpectedBlobs(deps.catalog, [...deps.stores.keys()], run);
  const observed = await Promise.all(
    all.map((store, at) => observeStore(deps, store, said[at] ?? "gone", expected, run)),
  );
  const copies: SeenCopy[] = [];
  for (const { copies: some } of observed) for (const copy of some) copies.push(copy);
  return {
    revision: deps.catalog.revision,
    stores: observed.map(({ seen }) => seen),
    copies,
    complete: expected.complete,
    invalid: deps.catalog.invalid(),
    services: NO_SERVICES,
  };
}

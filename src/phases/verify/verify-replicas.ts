import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey } from "../../domain/ids.js";
import { type BufferPool, bufferPool } from "../../infra/buffer-pool.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { Catalog } from "../../ports/catalog.js";
import type { Run } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import type { RecordedReplica, VerifyFinding } from "./finding.js";
import { judgeChecksum, judgeSize, readReplica } from "./replica-check.js";
import { type Arc, inSample } from "./sample.js";

/** Replicas asked about at once: few enough to be a small array, many enough to spare a store round trips. */
const BATCH = 500;
/** From so many replicas on a listing is worth it, where a store is asked over a network. */
const LIST_FROM = 50;
/** As many as Node reads and hashes beside the main thread. */
const READERS = 4;
const BUFFER_BYTES = 32 * 1024 * 1024;

export interface VerifyRequest {
  readonly catalog: Catalog;
  /** Every enabled store by name. */
  readonly stores: ReadonlyMap<string, BlobStore>;
  /** Read and hash every byte, instead of asking for sizes alone. */
  readonly deep: boolean;
  /** Only this store. */
  readonly store?: string;
  /** Compare the checksums that stores keep, where they keep any; `deep` outdoes it. */
  readonly checksums?: boolean;
  /** The sample of each store that is to be checked; all replicas without it. */
  readonly samples?: ReadonlyMap<string, Arc>;
}

function* replicasIn(store: string, request: VerifyRequest): Generator<RecordedReplica> {
  const { catalog, samples } = request;
  const sample = samples?.get(store);
  for (const { photo_id, blobs } of catalog.blobs()) {
    for (const { key, hash, bytes, role, stores, misrecorded } of blobs) {
      const isMisrecorded = misrecorded?.includes(store) === true;
      if (!isMisrecorded && !Object.hasOwn(stores, store)) continue;
      if (sample !== undefined && !inSample(key, sample)) continue;
      yield { photo_id, key, hash, bytes, role, ...(isMisrecorded && { misrecorded: true }) };
    }
  }
}

function* batched<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const unavailable = (store: string, unchecked: number, error: PhotosyncError): Failure => {
  const because = error.code === "store.unavailable" ? error.data["because"] : error.code;
  return {
    subject: `store ${store}`,
    code: "store.unavailable",
    message:
      because === undefined
        ? `Store ${store} cannot be reached, or is not the one that holds the recorded replicas: ${unchecked} of them were not checked.`
        : `${error.message} Replicas that were not checked: ${unchecked}.`,
    hint:
      because === undefined
        ? `Connect it and run: photosync verify --store ${store}`
        : `${error.next.join(" ")} Then: photosync verify --store ${store}`,
  };
};

/** True where a store cannot be asked, or answers in a way from which nothing can be concluded. */
const isUnavailable = (error: unknown): error is PhotosyncError =>
  error instanceof PhotosyncError && ["store.unavailable", "store.unreliable"].includes(error.code);

/** What a store holds, by key: about 200 bytes of memory a blob. */
async function listing(store: BlobStore, run: Run): Promise<ReadonlyMap<BlobKey, number>> {
  const held = new Map<BlobKey, number>();
  for await (const { key, sizeBytes } of store.list(run)) held.set(key, sizeBytes);
  return held;
}

/** What is known of a store before its replicas are gone through. */
interface Looking {
  readonly store: BlobStore;
  /** What a listing said; null where it is asked after each batch. */
  readonly held: ReadonlyMap<BlobKey, number> | null;
  /** Null unless bytes are to be read. */
  readonly buffers: BufferPool | null;
  readonly checksums: boolean;
}

async function* checkBatch(
  batch: readonly RecordedReplica[],
  { store, held, buffers, checksums }: Looking,
  run: Run,
): AsyncGenerator<VerifyFinding> {
  const keys = batch.map((replica) => replica.key);
  const kept = checksums ? ((await store.checksums?.(keys, run)) ?? null) : null;
  // Throws for a store that seems never used, too: another disk, or an empty folder where a disk should be.
  const sizes = held ?? (kept === null ? await store.stat(keys, run) : null);
  const readable: RecordedReplica[] = [];
  for (const replica of batch) {
    const { key, hash } = replica;
    const said = kept?.get(key);
    const found =
      judgeSize(replica, store.name, kept === null ? sizes?.get(key) : said?.sizeBytes) ??
      judgeChecksum(replica, store.name, said?.hash ?? null);
    if (found !== null) yield found;
    else if (buffers !== null) readable.push(replica);
    else {
      const by_checksum = said?.hash === hash;
      yield { ...replica, kind: "ok", store: store.name, bytes_read: 0, read_whole: false, by_checksum };
    }
  }
  if (buffers === null) return;
  yield* inParallel(readable, READERS, run, async function* (replica, call) {
    yield await readReplica(replica, store, buffers, { ...run, signal: call.signal });
  });
}

async function* checkStore(
  store: BlobStore,
  request: VerifyRequest,
  whole: Run,
  call: Call,
): AsyncGenerator<VerifyFinding> {
  const { name } = store;
  const run = inLane(whole, call, name);
  let total = 0;
  let bytes = 0;
  for (const replica of replicasIn(store.name, request)) {
    total++;
    bytes += replica.bytes;
  }
  if (total === 0) return;
  run.progress.stage(`Verifying store ${name}`, request.deep ? { count: total, bytes } : { count: total });
  let checked = 0;
  const buffers = request.deep ? bufferPool(BUFFER_BYTES) : null;
  try {
    const wantsChecksums = request.checksums === true && buffers === null;
    const checksums = wantsChecksums && ((await store.checksums?.([], run)) ?? null) !== null;
    const lists = store.prefersListing === true && total >= LIST_FROM && !checksums;
    const held = lists ? await listing(store, run) : null;
    const looking: Looking = { store, held, buffers, checksums };
    for (const batch of batched(replicasIn(store.name, request), BATCH)) {
      throwIfAborted(run);
      for await (const finding of checkBatch(batch, looking, run)) {
        checked++;
        run.progress.advance({ count: 1, ...(finding.kind === "ok" ? {} : { failed: 1 }) });
        yield finding;
      }
    }
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const replicas = total - checked;
    yield {
      kind: "unchecked",
      store: store.name,
      replicas,
      failure: unavailable(store.name, replicas, error),
    };
  }
}

/**
 * Checks what the documents record against what the stores hold: that each replica is there with its size and, when
 * `deep`, that its every byte is right. Stores are gone through side by side. One finding for each replica, and one for each store that cannot be asked, whose
 * replicas count as not checked. Writes nothing. Throws `cancelled`, and `store.unknown` (user) when `store` is
 * not an enabled store.
 */
export async function* verifyReplicas(request: VerifyRequest, run: Run): AsyncGenerator<VerifyFinding> {
  const { store, stores } = request;
  if (store !== undefined && !stores.has(store)) {
    throw new PhotosyncError({
      kind: "user",
      code: "store.unknown",
      message: `There is no enabled store named ${store}; enabled are: ${[...stores.keys()].join(", ")}.`,
      next: ["Run: photosync status"],
    });
  }
  const wanted = [...stores.values()].filter(({ name }) => store === undefined || name === store);
  // Side by side, so that a store that is slow, or does not answer, keeps no other waiting.
  yield* inParallel(wanted, wanted.length, run, (one, call) => checkStore(one, request, run, call));
}

/** The same run for one of several stores that are gone through side by side. */
const inLane = (run: Run, { signal }: Call, lane: string): Run => ({
  ...run,
  signal,
  progress: {
    note: (line) => run.progress.note(line),
    stage: (label, total) => run.progress.stage(label, total, lane),
    advance: (by) => run.progress.advance(by, lane),
  },
});

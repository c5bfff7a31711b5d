import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { Location } from "../../domain/photo.js";
import type { BlobStore } from "../../ports/blob-store.js";
import { placesOf } from "./blob-places.js";
import type { Execution } from "./execution.js";
import { storeStepId } from "./plan.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import type { StoreBlobStep } from "./replicate-step.js";
import type { SourceProblem } from "./source-failure.js";

/** A place to have a blob's bytes from. */
export type ByteSource =
  | { readonly kind: "store"; readonly store: BlobStore }
  /** A plain file that nobody else needs. */
  | { readonly kind: "staged"; readonly path: string }
  | { readonly kind: "location"; readonly location: Location; readonly streamed: boolean };

/** One blob on its way into the stores that lack it. Taken apart as it goes: what is settled or tried is removed. */
export interface BlobJob {
  readonly photoId: PhotoId;
  filename: string;
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
  /** Steps not yet settled, the next one first. */
  readonly pending: StoreBlobStep[];
  /** Places not yet tried in vain, the best one first. */
  readonly sources: ByteSource[];
  /**
   * Adds the places that the document names, and returns the error that makes it useless; null once that was done. Mostly the
   * bytes are at hand, and reading all documents of a library takes its time.
   */
  askDocument: (() => Promise<PhotosyncError | null>) | null;
  /** What was wrong with the places that were tried. */
  readonly problems: SourceProblem[];
  /** Replicas that proved corrupt on the way, not yet reported. */
  readonly corrupt: Failure[];
}

/** The stores that hold the blob: the primary first, then disks of this computer. */
function holdingStores(
  { deps, planned, proven, stops }: Execution,
  recorded: ReadonlySet<string>,
  key: BlobKey,
): BlobStore[] {
  const { primary, suspects } = deps;
  const isGood = ({ name }: BlobStore) =>
    recorded.has(name) && !planned.has(storeStepId(name, key)) && !suspects.has(name, key);
  const isFar = ({ atOnce }: BlobStore) => Number(atOnce !== undefined);
  const held = new Set([...proven.of(key), ...[...deps.stores.values()].filter(isGood)]);
  return [...held].sort(
    (a, b) =>
      Number(stops.has(a.name)) - Number(stops.has(b.name)) ||
      Number(b.name === primary) - Number(a.name === primary) ||
      isFar(a) - isFar(b) ||
      (a.name < b.name ? -1 : 1),
  );
}

/** Adds the stores in which the blob was proven since the job was opened. */
export function addProven(job: BlobJob, { proven, stops }: Execution): void {
  const known = new Set(job.sources.flatMap((source) => (source.kind === "store" ? [source.store] : [])));
  for (const store of proven.of(job.key)) {
    if (known.has(store) || stops.has(store.name)) continue;
    if (job.problems.every(({ where }) => where !== storeName(store)))
      job.sources.unshift({ kind: "store", store });
  }
}

/** What people call a store as a place to have bytes from. */
export const storeName = ({ name }: BlobStore): string => `store ${name}`;

const changed = (step: StoreBlobStep, what: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: "document.changed",
    message: `The document of photo ${step.photo_id} ${what}.`,
    next: ["Run: photosync replicate"],
  });

/** Adds the places where the document says that the blob was found. */
async function addLocations(
  job: BlobJob,
  step: StoreBlobStep,
  path: string,
  { documents }: ReplicateDeps,
  isStreamed: (path: string) => Promise<boolean>,
): Promise<PhotosyncError | null> {
  job.askDocument = null;
  const read = await documents.read(path);
  if (read.kind !== "ok") return changed(step, "can no longer be read");
  const places = placesOf(read.document, step.key);
  if (places === null) return changed(step, `no longer names ${step.key}`);
  job.filename = places.filename;
  for (const location of places.locations) {
    const streamed = location.entry !== undefined && (await isStreamed(location.path));
    job.sources.push({ kind: "location", location, streamed });
  }
  return null;
}

/**
 * What it takes to carry out these steps, which all concern one blob. Sources in the order in which they are tried:
 * other stores with a recorded replica, bytes that discover kept at hand, then the places where it found them.
 * Returns the error that blocks the steps when the document cannot be used.
 */
export async function openJob(
  steps: readonly [StoreBlobStep, ...StoreBlobStep[]],
  execution: Execution,
  isStreamed: (path: string) => Promise<boolean>,
): Promise<BlobJob | PhotosyncError> {
  const { deps } = execution;
  const [step] = steps;
  const row = deps.catalog.row(step.photo_id);
  if (row === null) return changed(step, "is no longer there");
  const recorded = new Set(Object.keys(row.blobs.find((blob) => blob.key === step.key)?.stores ?? {}));
  const sources: ByteSource[] = [];
  for (const store of holdingStores(execution, recorded, step.key)) sources.push({ kind: "store", store });
  const job: BlobJob = {
    photoId: step.photo_id,
    filename: row.filename,
    key: step.key,
    hash: step.hash,
    bytes: step.bytes,
    pending: [...steps],
    sources,
    askDocument: () => addLocations(job, step, row.path, deps, isStreamed),
    problems: [],
    corrupt: [],
  };
  const addStaged = async () => {
    const staged = await deps.staging.find(step.hash, step.bytes);
    if (staged !== null) sources.push({ kind: "staged", path: staged });
  };
  if (sources.length > 0) {
    // Where a store has the bytes, no other place is looked for until they prove wrong.
    job.askDocument = async () => {
      await addStaged();
      return addLocations(job, step, row.path, deps, isStreamed);
    };
    return job;
  }
  await addStaged();
  return sources.length > 0 ? job : ((await job.askDocument?.()) ?? job);
}

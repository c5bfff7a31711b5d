import { type Failure, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { Location } from "../../domain/photo.js";
import type { BlobStore } from "../../ports/blob-store.js";
import { placesOf } from "./blob-places.js";
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

function holdingStores(
  deps: ReplicateDeps,
  recorded: ReadonlySet<string>,
  job: readonly StoreBlobStep[],
): BlobStore[] {
  const toFill = new Set(job.map((step) => step.target));
  const key = job[0]?.key ?? "";
  return [...deps.stores.values()]
    .filter(({ name }) => recorded.has(name) && !toFill.has(name) && !deps.suspects.has(name, key))
    .sort(
      (a, b) =>
        Number(b.name === deps.primary) - Number(a.name === deps.primary) || (a.name < b.name ? -1 : 1),
    );
}

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
  deps: ReplicateDeps,
  isStreamed: (path: string) => Promise<boolean>,
): Promise<BlobJob | PhotosyncError> {
  const [step] = steps;
  const row = deps.catalog.row(step.photo_id);
  if (row === null) return changed(step, "is no longer there");
  const recorded = new Set(Object.keys(row.blobs.find((blob) => blob.key === step.key)?.stores ?? {}));
  const sources: ByteSource[] = [];
  for (const store of holdingStores(deps, recorded, steps)) sources.push({ kind: "store", store });
  const staged = await deps.staging.find(step.hash, step.bytes);
  if (staged !== null) sources.push({ kind: "staged", path: staged });
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
  return sources.length > 0 ? job : ((await job.askDocument?.()) ?? job);
}

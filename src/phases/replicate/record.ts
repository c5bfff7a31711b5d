import { type BlobKey, type ContentHash, documentPath, type PhotoId } from "../../domain/ids.js";
import type { PhotoDocument, Replica } from "../../domain/photo.js";
import { own, sameJson } from "../../domain/same-json.js";
import { groupBy } from "../../infra/group-by.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Plan } from "../../ports/phase.js";
import type { PhotoTarget } from "../../ports/photo-service.js";
import { hashNamedBy, namesItsBytes } from "./misnamed.js";
import { isServiceStep, type ReplicateStep } from "./replicate-step.js";
import { instancesByPhoto, type SeenInstance, withSeenInstances } from "./services/record-services.js";
import type { ServiceStepResult } from "./services/service-step.js";

export interface RecordDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  /** The services that were written to, by account. */
  readonly services: ReadonlyMap<string, Pick<PhotoTarget, "traits">>;
  /** False where some account was left alone that may lack something: then no photo counts as replicated. */
  readonly isWhole: boolean;
  /** Names of every enabled store: what a photo needs to be `replicated`. */
  readonly stores: ReadonlySet<string>;
  readonly primary: string;
  /** `source_of_truth_path` of a blob in the primary store. */
  readonly sourceOfTruth: (key: BlobKey) => string;
  /** RFC 3339 in UTC: when the replicas were proven. */
  readonly now: string;
}

/** What the steps of one photo came to. */
interface Proven {
  /** What its instances on services were when they were last read back. */
  readonly seen: readonly SeenInstance[];
  readonly replicas: readonly { readonly store: string; readonly key: BlobKey }[];
  /** True when every step of the photo succeeded. */
  readonly whole: boolean;
}

function withProven(
  before: Readonly<Record<string, Replica>>,
  key: BlobKey,
  proven: Proven,
  now: string,
): Readonly<Record<string, Replica>> {
  const added = proven.replicas
    .filter((replica) => replica.key === key)
    .map(({ store }) => [store, { key, verified_at: now }] as const);
  return { ...before, ...Object.fromEntries(added) };
}

/** The document with what was proven. Equal to the one given when nothing new is known; `updated_at` moves only else. */
function recorded(before: PhotoDocument, proven: Proven, deps: RecordDeps): PhotoDocument {
  const { stores, primary, now, services, isWhole } = deps;
  const document = withSeenInstances(before, proven.seen, services, now);
  const replicas = withProven(document.replicas, document.blob_key, proven, now);
  const variants = document.variants?.map((variant) => ({
    ...variant,
    replicas: withProven(variant.replicas, variant.blob_key, proven, now),
  }));
  const everywhere = [{ ...document, replicas }, ...(variants ?? [])].every((blob) =>
    [...stores].every((store) => own(blob.replicas, store)?.key === blob.blob_key),
  );
  const settled = !document.conflicts.some((conflict) => conflict.resolution_required);
  const replicated =
    document.processing_state === "resolved" && settled && everywhere && proven.whole && isWhole;
  const after: PhotoDocument = {
    ...document,
    source_of_truth_path:
      own(replicas, primary)?.key === document.blob_key
        ? deps.sourceOfTruth(document.blob_key)
        : document.source_of_truth_path,
    processing_state: replicated ? "replicated" : document.processing_state,
    ...(variants === undefined ? {} : { variants }),
    replicas,
  };
  return sameJson(after, before) ? before : { ...after, updated_at: now };
}

/** What came of each photo's steps; photos of which nothing is to be recorded are left out. */
function* byPhoto(
  steps: readonly ReplicateStep[],
  results: readonly ServiceStepResult[],
): Generator<readonly [PhotoId, Proven]> {
  const succeeded = new Set(
    results.filter(({ outcome }) => outcome === "done" || outcome === "already").map(({ step }) => step),
  );
  const seen = instancesByPhoto(steps.filter(isServiceStep), results);
  for (const [photoId, own] of groupBy(steps, (step) => step.photo_id)) {
    const done = own.filter((step) => succeeded.has(step.id));
    const instances = seen.get(photoId) ?? [];
    if (done.length + instances.length === 0) continue;
    const replicas = done.flatMap((step) =>
      step.action === "store-blob" ? [{ store: step.target, key: step.key }] : [],
    );
    yield [photoId, { seen: instances, replicas, whole: done.length === own.length }];
  }
}

const placeOf = ({ metadata, photo_id }: PhotoDocument): string =>
  documentPath(metadata.taken_date, photo_id);

/** The edits of one photo's document; more than one where its date, and so its place, has changed. */
function edits(
  path: string,
  before: PhotoDocument,
  after: PhotoDocument,
  documents: Documents,
): readonly FileEdit[] {
  if (placeOf(after) === placeOf(before)) return [documents.write(path, after)];
  return [{ path, bytes: null }, documents.write(placeOf(after), after)];
}

/**
 * The document edits that record what an execution proved, photo by photo: each proven replica with its time, where
 * the original is to be had, each instance on a service as it was read back, and the state `replicated` where every enabled
 * store now has every blob of a resolved photo and no service lacks anything. Documents are read one at a time as the edits
 * are taken. One that has become unreadable is left alone: the next run finds its blobs in the store and its uploads on the
 * service, not recorded, and proves them again.
 */
export async function* recordReplicas(
  results: readonly ServiceStepResult[],
  plan: Plan<ReplicateStep>,
  deps: RecordDeps,
): AsyncGenerator<readonly FileEdit[]> {
  for (const [photoId, proven] of byPhoto(plan.steps, results)) {
    const row = deps.catalog.row(photoId);
    if (row === null) continue;
    const read = await deps.documents.read(row.path);
    if (read.kind !== "ok") continue;
    const after = recorded(read.document, proven, deps);
    if (after !== read.document) yield edits(row.path, read.document, after, deps.documents);
  }
}

/**
 * Every blob that the documents record in a store, sorted by key: what its checksum list holds. A key that names other
 * bytes than its document's is left out, as it would contradict the line of those bytes.
 */
export async function* checksumEntries(
  catalog: Catalog,
  store: string,
): AsyncGenerator<{ readonly key: BlobKey; readonly hash: ContentHash }> {
  const keys: BlobKey[] = [];
  for (const { blobs } of catalog.blobs()) {
    for (const blob of blobs) {
      if (Object.hasOwn(blob.stores, store) && namesItsBytes(blob)) keys.push(blob.key);
    }
  }
  let previous = "";
  for (const key of keys.sort()) {
    if (key !== previous) yield { key, hash: hashNamedBy(key) };
    previous = key;
  }
}

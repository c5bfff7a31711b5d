import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { PhotoDocument, Replica } from "../../domain/photo.js";
import { own, sameJson } from "../../domain/same-json.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Plan, StepResult } from "../../ports/phase.js";
import { hashNamedBy, namesItsBytes } from "./misnamed.js";
import type { ReplicateStep } from "./replicate-step.js";

export interface RecordDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
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
function recorded(document: PhotoDocument, proven: Proven, deps: RecordDeps): PhotoDocument {
  const { stores, primary, now } = deps;
  const replicas = withProven(document.replicas, document.blob_key, proven, now);
  const variants = document.variants?.map((variant) => ({
    ...variant,
    replicas: withProven(variant.replicas, variant.blob_key, proven, now),
  }));
  const everywhere = [{ ...document, replicas }, ...(variants ?? [])].every((blob) =>
    [...stores].every((store) => own(blob.replicas, store)?.key === blob.blob_key),
  );
  const settled = !document.conflicts.some((conflict) => conflict.resolution_required);
  const replicated = document.processing_state === "resolved" && settled && everywhere && proven.whole;
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
  return sameJson(after, document) ? document : { ...after, updated_at: now };
}

function* byPhoto(
  steps: readonly ReplicateStep[],
  succeeded: ReadonlySet<string>,
): Generator<readonly [PhotoId, Proven]> {
  let at = 0;
  while (at < steps.length) {
    const photoId = steps[at]?.photo_id;
    let end = at;
    while (steps[end]?.photo_id === photoId && end < steps.length) end++;
    const own = steps.slice(at, end);
    const done = own.filter((step) => succeeded.has(step.id));
    if (photoId !== undefined && done.length > 0) {
      const replicas = done.flatMap((step) =>
        step.action === "store-blob" ? [{ store: step.target, key: step.key }] : [],
      );
      yield [photoId, { replicas, whole: done.length === own.length }];
    }
    at = end;
  }
}

/**
 * The document edits that record what an execution proved, photo by photo: each proven replica with its time, where
 * the original is to be had, and the state `replicated` where every enabled store now has every blob of a resolved
 * photo. Documents are read one at a time as the edits are taken. One that has become unreadable is left alone: the
 * next run finds its blobs in the store, not recorded, and proves them again.
 */
export async function* recordReplicas(
  results: readonly StepResult[],
  plan: Plan<ReplicateStep>,
  deps: RecordDeps,
): AsyncGenerator<FileEdit> {
  const succeeded = new Set(
    results.filter(({ outcome }) => outcome === "done" || outcome === "already").map(({ step }) => step),
  );
  for (const [photoId, proven] of byPhoto(plan.steps, succeeded)) {
    const row = deps.catalog.row(photoId);
    if (row === null) continue;
    const read = await deps.documents.read(row.path);
    if (read.kind !== "ok") continue;
    const after = recorded(read.document, proven, deps);
    if (after !== read.document) yield deps.documents.write(row.path, after);
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
  for (const row of catalog.rows()) {
    for (const blob of row.blobs) {
      if (Object.hasOwn(blob.stores, store) && namesItsBytes(blob)) keys.push(blob.key);
    }
  }
  let previous = "";
  for (const key of keys.sort()) {
    if (key !== previous) yield { key, hash: hashNamedBy(key) };
    previous = key;
  }
}

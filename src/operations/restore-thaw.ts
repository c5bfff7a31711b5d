import { type Failure, failureOf, PhotosyncError } from "../domain/errors.js";
import type { BlobKey } from "../domain/ids.js";
import { isStoreWide } from "../phases/replicate/store-stops.js";
import { type RestorePlan, writtenPlaces } from "../phases/restore/restore-plan.js";
import type { BlobStore, Thawing, ThawOptions } from "../ports/blob-store.js";
import type { Run } from "../ports/phase.js";
import type { ThawResult } from "./restore-results.js";

/** So many are asked for between two looks at the progress. */
const BATCH = 200;

/**
 * Asks what a plan will read back from the archives that it lies in: each blob from the store that the plan asks first, unless another one has it
 * where it can be read at once. With `ask` false it only looks. A refusal keeps neither other blobs nor other stores from being asked.
 */
export async function thawPlanned(
  plan: RestorePlan,
  stores: ReadonlyMap<string, BlobStore>,
  options: ThawOptions,
  run: Run,
): Promise<{ readonly thaw: ThawResult; readonly failures: readonly Failure[] }> {
  const wanted = new Map<BlobStore, BlobKey[]>();
  const counts = { ready: 0, asked: 0, coming: 0 };
  let hours = 0;
  for (const { blobs } of plan.photos) {
    for (const blob of blobs) {
      if (writtenPlaces(blob).length === 0) continue;
      const holders = blob.stores.flatMap((name) => stores.get(name) ?? []);
      const [first] = holders;
      if (first === undefined) continue;
      if (holders.some(({ thaw }) => thaw === undefined)) counts.ready++;
      else wanted.set(first, [...(wanted.get(first) ?? []), blob.key]);
    }
  }
  const failures: Failure[] = [];
  const all = [...wanted.values()].reduce((sum, keys) => sum + keys.length, 0);
  run.progress.stage(options.ask ? "Asking back" : "Looking", { count: all });
  for (const [store, keys] of wanted) {
    const refusals = new Refusals(store.name);
    for (let from = 0; from < keys.length && !refusals.areFinal; from += BATCH) {
      const batch = keys.slice(from, from + BATCH);
      for (const [key, found] of await thawed(store, batch, options, run)) {
        if (found.kind === "absent") failures.push(absent(store.name, key));
        else if (found.kind === "refused") refusals.add(found.error);
        else counts[found.kind]++;
        if (found.kind === "asked" || found.kind === "coming") hours = Math.max(hours, found.hours);
      }
      run.progress.advance({ count: batch.length });
    }
    failures.push(...refusals.failures());
  }
  return { thaw: { ...counts, hours: counts.asked + counts.coming > 0 ? hours : null }, failures };
}

/** What the store answers of each; all are refused where it cannot be asked at all. */
async function thawed(
  store: BlobStore,
  keys: readonly BlobKey[],
  options: ThawOptions,
  run: Run,
): Promise<Iterable<readonly [BlobKey, Thawing]>> {
  try {
    return (await store.thaw?.(keys, options, run)) ?? [];
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled") throw error;
    return keys.map((key) => [key, { kind: "refused", error }]);
  }
}

/** What one store refused, by reason. */
class Refusals {
  readonly #store: string;
  readonly #byCode = new Map<string, { readonly error: PhotosyncError; count: number }>();

  constructor(store: string) {
    this.#store = store;
  }

  add(error: PhotosyncError): void {
    const known = this.#byCode.get(error.code);
    if (known === undefined) this.#byCode.set(error.code, { error, count: 1 });
    else known.count++;
  }

  /** True where asking on would meet the same refusal. What passes by itself is no such reason: one file may be all that it is about. */
  get areFinal(): boolean {
    return [...this.#byCode.values()].some(({ error }) => error.kind !== "transient" && isStoreWide(error));
  }

  failures(): readonly Failure[] {
    return Array.from(this.#byCode.values(), ({ error, count }) => ({
      ...failureOf(`store ${this.#store}`, error),
      message: `${error.message} Originals that were not asked back: ${count}.`,
    }));
  }
}

const absent = (store: string, key: BlobKey): Failure => ({
  subject: key,
  code: "replica.missing",
  message: `Store ${store} has no ${key}, although it was proven there before.`,
  hint: "Mend it with: photosync verify --repair",
});

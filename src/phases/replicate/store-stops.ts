import type { PhotosyncError } from "../../domain/errors.js";
import type { StepResult } from "../../ports/phase.js";
import type { StoreBlobStep } from "./replicate-step.js";

/** What meets one blob as it would meet every other is all that a store says but this. */
const ONE_BLOB: ReadonlySet<string> = new Set([
  "store.unreliable",
  "store.bytes-changed",
  "store.archived",
  "store.refused",
]);

/** True for an error that would meet every further blob of the same store. */
export const isStoreWide = (error: PhotosyncError): boolean =>
  error.code.startsWith("store.") && !ONE_BLOB.has(error.code);

/** The stores that can take nothing more in this run. Each yields one failure in the end, with the count left over. */
export interface StoreStops {
  has(store: string): boolean;
  /** Notes the first store-wide error; null then, as its result comes last. Later ones are blocked like the rest. */
  stop(step: StoreBlobStep, error: PhotosyncError): StepResult | null;
  /** The result of a step that is left over because its store has stopped. */
  block(step: StoreBlobStep): StepResult;
  /** The failed steps that stopped a store, to be reported once all else is settled. */
  results(): readonly StepResult[];
}

export function storeStops(): StoreStops {
  const stops = new Map<
    string,
    { readonly step: StoreBlobStep; readonly error: PhotosyncError; blocked: number }
  >();
  const block = (step: StoreBlobStep): StepResult => {
    const stop = stops.get(step.target);
    if (stop !== undefined) stop.blocked++;
    return { step: step.id, outcome: "blocked" };
  };
  return {
    has: (store) => stops.has(store),
    stop(step, error) {
      if (stops.has(step.target)) return block(step);
      stops.set(step.target, { step, error, blocked: 0 });
      return null;
    },
    block,
    results: () =>
      Array.from(stops, ([store, { step, error, blocked }]) => ({
        step: step.id,
        outcome: "failed" as const,
        failure: {
          subject: `store ${store}`,
          code: error.code,
          message: `${error.message} Blobs left over for store ${store}: ${blocked + 1}.`,
          hint: error.next.join(" "),
        },
      })),
  };
}

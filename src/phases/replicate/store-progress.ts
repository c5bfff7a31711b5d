import type { Progress } from "../../ports/phase.js";
import type { StoreBlobStep } from "./replicate-step.js";

/** Under this lane goes the whole where several stores are filled side by side. */
const WHOLE = "*";

/** How far each store has come, and all of them together. */
export interface StoreProgress {
  note(line: string): void;
  /** Counts bytes on their way into a step's store, also those of an attempt that is begun anew. */
  read(step: StoreBlobStep, bytes: number): void;
  settled(step: StoreBlobStep, isFailed: boolean): void;
}

interface Total {
  count: number;
  bytes: number;
}

/** Announces what is to be done: one stage for each store besides the whole, or that alone where there is but one. */
export function storeProgress(
  progress: Progress,
  label: string,
  steps: readonly StoreBlobStep[],
): StoreProgress {
  const totals = new Map<string, Total>();
  const whole: Total = { count: 0, bytes: 0 };
  for (const { target, bytes } of steps) {
    const own = totals.get(target) ?? { count: 0, bytes: 0 };
    totals.set(target, own);
    for (const total of [own, whole]) {
      total.count++;
      total.bytes += bytes;
    }
  }
  const hasLanes = totals.size > 1;
  progress.stage(label, whole, ...(hasLanes ? [WHOLE] : []));
  if (hasLanes) for (const [store, total] of totals) progress.stage(store, total, store);
  const advance = (store: string, by: Parameters<Progress["advance"]>[0]) => {
    progress.advance(by, ...(hasLanes ? [WHOLE] : []));
    if (hasLanes) progress.advance(by, store);
  };
  const onTheWay = new Map<string, number>();
  return {
    note: (line) => progress.note(line),
    read({ id, target, bytes: most }, bytes) {
      const before = onTheWay.get(id) ?? 0;
      // What is read again was counted.
      const counted = Math.min(bytes, most) - before;
      if (counted <= 0) return;
      onTheWay.set(id, before + counted);
      advance(target, { bytes: counted });
    },
    settled({ id, target, bytes }, isFailed) {
      const counted = onTheWay.get(id) ?? 0;
      onTheWay.delete(id);
      advance(target, { count: 1, bytes: bytes - counted, ...(isFailed ? { failed: 1 } : {}) });
    },
  };
}

import type { BlobKey } from "../../domain/ids.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { ReplicateStep, StoreBlobStep } from "./replicate-step.js";

/** The steps of one blob that are carried out one after the other. */
export type Steps = readonly [StoreBlobStep, ...StoreBlobStep[]];

/** Steps of one blob may wait for a nearer store so far ahead; what comes then is not held up by it. */
const LOOK_AHEAD = 256;

/** Which stores are filled side by side: the disks of this computer together, each store beyond a network for itself. */
export interface StoreGroup {
  /** Steps of each blob together, in the plan's order. */
  readonly blobs: readonly Steps[];
  /** How many blobs at once. */
  readonly atOnce: number;
  readonly isNear: boolean;
}

function byBlob(steps: readonly StoreBlobStep[]): Steps[] {
  const blobs: [StoreBlobStep, ...StoreBlobStep[]][] = [];
  for (const step of steps) {
    const last = blobs.at(-1);
    if (last !== undefined && last[0].key === step.key) last.push(step);
    else blobs.push([step]);
  }
  return blobs;
}

/** Divides a plan's steps among the groups of stores; `parallel` is how many blobs the disks take at once. */
export function storeGroups(
  steps: readonly ReplicateStep[],
  stores: ReadonlyMap<string, BlobStore>,
  parallel: number,
): readonly StoreGroup[] {
  const near: StoreBlobStep[] = [];
  const far = new Map<string, StoreBlobStep[]>();
  for (const step of steps) {
    if (step.action !== "store-blob") continue;
    if (stores.get(step.target)?.atOnce === undefined) near.push(step);
    else {
      const others = far.get(step.target);
      if (others === undefined) far.set(step.target, [step]);
      else others.push(step);
    }
  }
  const groups: StoreGroup[] = [];
  if (near.length > 0) groups.push({ blobs: byBlob(near), atOnce: parallel, isNear: true });
  for (const [store, own] of far)
    groups.push({ blobs: byBlob(own), atOnce: stores.get(store)?.atOnce ?? parallel, isNear: false });
  return groups;
}

/** The blobs that the disks have not settled yet: stores beyond a network best copy them from there, so that a source is read once. */
export interface NearBlobs {
  isPending(key: BlobKey): boolean;
  /** Calls back when the key is settled, however that ended. */
  whenSettled(key: BlobKey, then: () => void): void;
  settle(key: BlobKey): void;
  /** Settles all that are left: nothing more comes. */
  end(): void;
  /** Resolves when nothing more comes. */
  readonly ended: Promise<void>;
}

export function nearBlobs(groups: readonly StoreGroup[]): NearBlobs {
  const pending = new Set<BlobKey>();
  const waiting = new Map<BlobKey, (() => void)[]>();
  for (const { blobs, isNear } of groups) if (isNear) for (const [step] of blobs) pending.add(step.key);
  let finish = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const settle = (key: BlobKey) => {
    pending.delete(key);
    const callbacks = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const then of callbacks) then();
  };
  if (pending.size === 0) finish();
  return {
    isPending: (key) => pending.has(key),
    whenSettled(key, then) {
      const callbacks = waiting.get(key);
      if (callbacks === undefined) waiting.set(key, [then]);
      else callbacks.push(then);
    },
    settle,
    end() {
      for (const key of [...pending]) settle(key);
      finish();
    },
    ended,
  };
}

/** Hands out the blobs of a store beyond a network: those that the disks have settled first, and never long in wait of the others. */
export class Queue {
  readonly #blobs: readonly Steps[];
  readonly #near: NearBlobs;
  readonly #ready: Steps[] = [];
  #at = 0;
  #waiting = 0;
  #wake: (() => void)[] = [];

  constructor(blobs: readonly Steps[], near: NearBlobs) {
    this.#blobs = blobs;
    this.#near = near;
  }

  /** The next blob; to be asked as often as there are blobs, from several places at once. */
  async take(): Promise<Steps> {
    for (;;) {
      const next = this.#ready.shift() ?? this.#ahead();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #ahead(): Steps | undefined {
    for (;;) {
      const steps = this.#blobs[this.#at];
      if (steps === undefined) return undefined;
      this.#at++;
      const { key } = steps[0];
      if (!this.#near.isPending(key) || this.#waiting >= LOOK_AHEAD) return steps;
      this.#waiting++;
      this.#near.whenSettled(key, () => {
        this.#waiting--;
        this.#ready.push(steps);
        for (const wake of this.#wake.splice(0)) wake();
      });
    }
  }
}

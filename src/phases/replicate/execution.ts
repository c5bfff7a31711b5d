import type { BlobKey } from "../../domain/ids.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { BlobJob } from "./blob-job.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import type { StoreBlobStep } from "./replicate-step.js";
import type { StoreProgress } from "./store-progress.js";
import type { StoreStops } from "./store-stops.js";

/** What all jobs of one execution share. */
export interface Execution {
  readonly deps: ReplicateDeps;
  readonly stops: StoreStops;
  readonly progress: StoreProgress;
  /** Ids of the plan's steps: what a step is about to put somewhere is not there to be read. */
  readonly planned: ReadonlySet<string>;
  /** The stores in which a blob was proven in this run, the first one first. */
  readonly proven: ProvenHere;
}

/** What the jobs of one group of stores share besides. */
export interface GroupExecution extends Execution {
  /** Jobs whose next place is an archive that is read in one pass, by the archive's path. */
  readonly deferred: Map<string, BlobJob[]>;
  /**
   * Steps without a place to have their bytes from; another store may prove the blob yet. Null when none will: then they fail at once.
   */
  readonly sourceless: Sourceless[] | null;
}

/** A step whose job has no place left to try. */
export interface Sourceless {
  readonly job: BlobJob;
  readonly step: StoreBlobStep;
}

/** Remembers where blobs were proven, as long as a step of theirs may still want them. */
export class ProvenHere {
  readonly #stores = new Map<BlobKey, BlobStore[]>();

  add(key: BlobKey, store: BlobStore): void {
    const stores = this.#stores.get(key);
    if (stores === undefined) this.#stores.set(key, [store]);
    else stores.push(store);
  }

  of(key: BlobKey): readonly BlobStore[] {
    return this.#stores.get(key) ?? [];
  }
}

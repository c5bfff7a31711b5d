import { instanceKey, instancesOn } from "../../../control/index-instances.js";
import type { IndexedInstance } from "../../../control/index-records.js";
import { IndexWrites } from "../../../control/index-writes.js";
import type { LocalIndex } from "../../../control/local-index.js";

/** What the library knows of an account's instances, and which of them this run has seen. Both are in the index, not in memory. */
export class KnownInstances {
  readonly #index: LocalIndex;
  readonly #service: string;
  readonly #writes: IndexWrites;

  /** Forgets what an earlier run saw on the service. */
  constructor(index: LocalIndex, service: string) {
    this.#index = index;
    this.#service = service;
    this.#writes = new IndexWrites(index);
    index.root.transactionSync(() => {
      for (const key of index.sightings.getKeys(instancesOn(service))) index.sightings.removeSync(key);
    });
  }

  #key(id: string): string {
    return instanceKey(this.#service, id);
  }

  get(id: string): IndexedInstance | null {
    return this.#index.instances.get(this.#key(id)) ?? null;
  }

  /** True where a document holds what was told of the instance in this version. */
  isKnown(id: string, version: string): boolean {
    const known = this.get(id);
    const held = this.#index.versions.get(this.#key(id));
    return known !== null && !known.isGone && held?.version === version && held.said === known.said;
  }

  /** Notes that the service has the instance; with a version, that this run has taken down all of it. */
  see(id: string, version = ""): void {
    this.#writes.put(this.#index.sightings, this.#key(id), version);
  }

  /** True where documents tell of any instance that is not gone. */
  isAny(): boolean {
    for (const { value } of this.#index.instances.getRange(instancesOn(this.#service))) {
      if (!value.isGone) return true;
    }
    return false;
  }

  /** How many instances documents tell of as being there. */
  count(): number {
    let count = 0;
    for (const { value } of this.#index.instances.getRange(instancesOn(this.#service))) {
      if (!value.isGone) count += 1;
    }
    return count;
  }

  /** The ids that documents tell of as being there, and that this run has not seen. */
  async *unseen(): AsyncGenerator<string> {
    await this.#writes.settled();
    const range = instancesOn(this.#service);
    for (const { key, value } of this.#index.instances.getRange(range)) {
      if (!value.isGone && !this.#index.sightings.doesExist(key)) yield key.slice(range.start.length);
    }
  }

  /** Remembers the versions that this run has taken down, once what it found is committed or was there already. */
  async remember(): Promise<void> {
    await this.#writes.settled();
    const { instances, sightings, versions, root } = this.#index;
    root.transactionSync(() => {
      for (const { key, value: version } of sightings.getRange(instancesOn(this.#service))) {
        const known = instances.get(key);
        if (version !== "" && known !== undefined) versions.putSync(key, { version, said: known.said });
      }
    });
  }
}

/** Files read at the same time: enough to hide the disk's latency, few enough to bound memory. */
const PARALLEL_READS = 4;
/** Bytes of the files being read at the same time, unless a single one is larger. */
const PARALLEL_BYTES = 48 * 1024 * 1024;

/**
 * Runs readings side by side, as many as memory allows. The first error ends it: what has begun goes on, nothing new is
 * taken.
 */
export class ReadQueue {
  #running = 0;
  #bytes = 0;
  #broken: { readonly error: unknown } | null = null;
  #waiting: (() => void)[] = [];

  /** True after the first reading that threw. */
  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** Resolves when the reading has begun, which may take until others have ended. */
  async add(sizeBytes: number, read: () => Promise<void>): Promise<void> {
    // Nothing larger is ever held whole, so nothing larger counts.
    const weight = Math.min(sizeBytes, PARALLEL_BYTES);
    while (this.#running >= PARALLEL_READS || (this.#running > 0 && this.#bytes + weight > PARALLEL_BYTES)) {
      await this.#change();
    }
    if (this.#broken !== null) return;
    this.#running += 1;
    this.#bytes += weight;
    void read()
      .catch((error: unknown) => {
        this.#broken ??= { error };
      })
      .finally(() => {
        this.#running -= 1;
        this.#bytes -= weight;
        for (const wake of this.#waiting.splice(0)) wake();
      });
  }

  /** Resolves when nothing runs any more; throws the first error of a reading. */
  async ended(): Promise<void> {
    while (this.#running > 0) await this.#change();
    if (this.#broken !== null) throw this.#broken.error;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

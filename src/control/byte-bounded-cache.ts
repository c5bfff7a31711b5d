/** Keeps the most recently used values up to a total size; a value larger than all of it is not kept. */
export class ByteBoundedCache<V> {
  readonly #limitBytes: number;
  readonly #entries = new Map<string, { readonly value: V; readonly sizeBytes: number }>();
  #totalBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, sizeBytes: number): void {
    if (sizeBytes > this.#limitBytes || this.#entries.has(key)) return;
    this.#entries.set(key, { value, sizeBytes });
    this.#totalBytes += sizeBytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#totalBytes <= this.#limitBytes) break;
      this.#entries.delete(oldest);
      this.#totalBytes -= entry.sizeBytes;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#totalBytes = 0;
  }
}

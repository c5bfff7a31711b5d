import type { PackIndex } from "./pack-index.js";

/** One object's stretch of a pack. */
export interface PackSpan {
  readonly start: number;
  readonly end: number;
  /** CRC-32 of the stretch, as the index has it. */
  readonly crc: number;
}

/** Where each object of a pack begins and ends: 12 bytes an object. */
export class PackLayout {
  readonly #index: PackIndex;
  /** Positions in the index by offset. */
  readonly #order: Uint32Array;
  readonly #offsets: Float64Array;
  readonly #endsAt: number;

  constructor(index: PackIndex, endsAt: number) {
    const offsets = Float64Array.from({ length: index.count }, (_, position) => index.offsetAt(position));
    this.#order = Uint32Array.from({ length: index.count }, (_, position) => position).sort(
      (a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0),
    );
    this.#offsets = offsets.sort();
    this.#index = index;
    this.#endsAt = endsAt;
  }

  /** The stretch that begins at an offset; null where none does. */
  spanAt(start: number): PackSpan | null {
    const rank = this.#rankOf(start);
    if (rank < 0) return null;
    return {
      start,
      end: this.#offsets[rank + 1] ?? this.#endsAt,
      crc: this.#index.crcAt(this.#order[rank] ?? 0),
    };
  }

  /** The id of the object that begins at an offset; null where none does. */
  idAt(start: number): string | null {
    const rank = this.#rankOf(start);
    return rank < 0 ? null : this.#index.idAt(this.#order[rank] ?? 0);
  }

  #rankOf(offset: number): number {
    let low = 0;
    for (let high = this.#offsets.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#offsets[low] === offset ? low : -1;
  }
}

import { readFully } from "./read-fully.js";

/** Reads an open file in stretches of `windowBytes`: many for one that is read from front to back, few for leaps. */
export class FileWindow {
  readonly #file: number;
  readonly #endsAt: number;
  readonly #windowBytes: number;
  #bytes = Buffer.alloc(0);
  #start = 0;

  /** Nothing from `endsAt` on is given. */
  constructor(file: number, endsAt: number, windowBytes: number) {
    this.#file = file;
    this.#endsAt = endsAt;
    this.#windowBytes = windowBytes;
  }

  /** `length` bytes from an offset on, or what there is; good until the next call. */
  at(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#endsAt - offset));
    const inWindow = offset >= this.#start && offset + wanted <= this.#start + this.#bytes.length;
    if (!inWindow) this.#fill(offset, Math.max(wanted, Math.min(this.#windowBytes, this.#endsAt - offset)));
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  #fill(offset: number, length: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(0, length));
    this.#bytes = bytes.subarray(0, readFully(this.#file, bytes, offset));
    this.#start = offset;
  }
}

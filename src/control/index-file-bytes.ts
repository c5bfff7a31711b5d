import { createHash } from "node:crypto";

const headerBytes = 12;
const checksumBytes = 20;
const firstBytes = 64 * 1024;

/**
 * The bytes of an index file (gitformat-index) as its entries come, in one growing piece: a buffer of its own for each of 100,000
 * entries would take several times the memory of the file.
 */
export class IndexFileBytes {
  #bytes = Buffer.alloc(firstBytes);
  #end = headerBytes;
  #count = 0;

  /** Takes the raw bytes of so many entries, padding included, which follow those taken before. */
  add(raw: Buffer, entries: number): void {
    raw.copy(this.#room(raw.length));
    this.#count += entries;
  }

  /** Room, filled with zeros, for the raw bytes of one entry, to be written before anything else is called. */
  addOne(sizeBytes: number): Buffer {
    this.#count++;
    return this.#room(sizeBytes);
  }

  /** The whole file, of version 3 where an entry has extended flags, else 2. Nothing may be added afterwards. */
  finish(hasExtended: boolean): Buffer {
    this.#room(checksumBytes);
    const bytes = this.#bytes.subarray(0, this.#end);
    bytes.write("DIRC", 0, "latin1");
    bytes.writeUInt32BE(hasExtended ? 3 : 2, 4);
    bytes.writeUInt32BE(this.#count, 8);
    const body = bytes.subarray(0, -checksumBytes);
    createHash("sha1").update(body).digest().copy(bytes, body.length);
    return bytes;
  }

  #room(sizeBytes: number): Buffer {
    const start = this.#end;
    this.#end += sizeBytes;
    if (this.#end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    return this.#bytes.subarray(start, this.#end);
  }
}

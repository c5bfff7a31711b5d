import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { ByteBoundedCache } from "./byte-bounded-cache.js";
import { damaged, type GitObject, type ObjectType } from "./git-object.js";
import { applyDelta } from "./pack-delta.js";
import { PackIndex } from "./pack-index.js";

const typeByCode: Readonly<Record<number, ObjectType>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const offsetDelta = 6;
const idDelta = 7;
const baseCacheBytes = 16 * 1024 * 1024;
/** Holds the longest header (a type and size of 10 bytes and a base of 20), and with it most documents: one read for both. */
const probeBytes = 4096;
/** Git itself writes chains of at most 4095; a damaged pack may hold deltas that speak of each other in a circle. */
const longestChain = 10_000;
/** Far above any document; a damaged size must not take all memory. */
const largestBytes = 2 ** 30;

/**
 * One packfile, read in place: an object costs one or two reads, never the whole pack. What is kept in memory is the
 * index and up to 16 MB of bases of deltas. Files are opened at the first read and held until `close`.
 */
export class PackReader {
  readonly #packPath: string;
  readonly #index: PackIndex;
  readonly #bases = new ByteBoundedCache<GitObject>(baseCacheBytes);
  #open: { readonly file: number; readonly endsAt: number } | null = null;

  /** `stem` is the path without `.idx` or `.pack`. Throws `library.damaged`, or the file system's own error. */
  constructor(stem: string) {
    this.#packPath = `${stem}.pack`;
    this.#index = new PackIndex(readFileSync(`${stem}.idx`), `${stem}.idx`);
  }

  /** The object, or null when this pack does not hold it. Throws `library.damaged`. */
  read(oid: string): GitObject | null {
    const offset = this.#index.offsetOf(oid);
    return offset < 0 ? null : this.#readAt(offset);
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.file);
    this.#open = null;
    this.#bases.clear();
  }

  /** Follows a chain of deltas down to a whole object, then applies them on the way back up. */
  #readAt(offset: number): GitObject {
    const deltas: { readonly offset: number; readonly bytes: Buffer }[] = [];
    let at = offset;
    let object = this.#bases.get(String(at));
    while (object === undefined) {
      const stored = this.#storedAt(at);
      if (stored.base === null) {
        object = { type: stored.type, bytes: stored.bytes };
        if (deltas.length > 0) this.#bases.set(String(at), object, object.bytes.length);
      } else {
        if (deltas.length >= longestChain) throw this.#broken(offset);
        deltas.push({ offset: at, bytes: stored.bytes });
        at = stored.base;
        object = this.#bases.get(String(at));
      }
    }
    for (const delta of deltas.reverse()) {
      object = { type: object.type, bytes: applyDelta(object.bytes, delta.bytes) };
      this.#bases.set(String(delta.offset), object, object.bytes.length);
    }
    return object;
  }

  #storedAt(
    offset: number,
  ):
    | { readonly base: null; readonly type: ObjectType; readonly bytes: Buffer }
    | { readonly base: number; readonly bytes: Buffer } {
    const header = this.#bytesAt(offset, probeBytes);
    let at = 0;
    let byte = byteOf(header, at++);
    const code = (byte >> 4) & 7;
    let size = byte & 15;
    for (let factor = 16; byte & 0x80; factor *= 128) {
      byte = byteOf(header, at++);
      size += (byte & 0x7f) * factor;
    }
    if (code === offsetDelta) {
      byte = byteOf(header, at++);
      let distance = byte & 0x7f;
      while (byte & 0x80) {
        byte = byteOf(header, at++);
        distance = (distance + 1) * 128 + (byte & 0x7f);
      }
      if (distance <= 0 || distance > offset) throw this.#broken(offset);
      return { base: offset - distance, bytes: this.#inflate(offset + at, size, header.subarray(at)) };
    }
    if (code === idDelta) {
      if (at + 20 > header.length) throw this.#broken(offset);
      const base = this.#index.offsetOf(header.toString("hex", at, at + 20));
      if (base < 0 || base === offset) throw this.#broken(offset);
      return { base, bytes: this.#inflate(offset + at + 20, size, header.subarray(at + 20)) };
    }
    const type = typeByCode[code];
    if (type === undefined) throw this.#broken(offset);
    return { base: null, type, bytes: this.#inflate(offset + at, size, header.subarray(at)) };
  }

  /** Compressed sizes are not stored: read what deflate needs at worst, and more if even that was short; `read` is what is at hand of it. */
  #inflate(offset: number, size: number, read: Buffer): Buffer {
    if (size > largestBytes) throw this.#broken(offset);
    const likely = size + Math.ceil(size / 1000) + 64;
    for (const length of [likely, likely * 2 + 65_536]) {
      try {
        const packed = length <= read.length ? read.subarray(0, length) : this.#bytesAt(offset, length);
        const bytes = inflateSync(packed, {
          chunkSize: Math.max(1024, Math.min(size + 64, 65_536)),
          // What unpacks to more than it says is damaged; without this it might unpack to a thousand times its size.
          maxOutputLength: Math.max(1, size),
        });
        if (bytes.length === size) return bytes;
      } catch {
        // Cut short by our guess, or damaged: the second round tells.
      }
    }
    throw this.#broken(offset);
  }

  #bytesAt(offset: number, length: number): Buffer {
    const { file, endsAt } = this.#opened();
    if (offset >= endsAt) throw this.#broken(offset);
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, endsAt - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const got = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
      if (got === 0) throw this.#broken(offset);
      filled += got;
    }
    return bytes;
  }

  #opened(): { readonly file: number; readonly endsAt: number } {
    if (this.#open !== null) return this.#open;
    const file = openSync(this.#packPath, "r");
    this.#open = { file, endsAt: fstatSync(file).size - 20 };
    return this.#open;
  }

  #broken(offset: number): Error {
    return damaged(`${this.#packPath} cannot be read at offset ${offset}`);
  }
}

function byteOf(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { ByteBoundedCache } from "./byte-bounded-cache.js";
import { damaged, type GitObject, largestObjectBytes, type ObjectType } from "./git-object.js";
import { applyDelta } from "./pack-delta.js";
import { offsetDelta, parseEntryHeader, typeOfCode } from "./pack-entry.js";
import { PackIndex } from "./pack-index.js";
import { inflateEntry } from "./pack-inflate.js";
import { PackLayout } from "./pack-layout.js";
import { readFully } from "./read-fully.js";

const baseCacheBytes = 16 * 1024 * 1024;
/** Holds the longest header (a type and size of 10 bytes and a base of 20), and with it most documents: one read for both. */
const probeBytes = 4096;
/** Git itself writes chains of at most 4095; a damaged pack may hold deltas that speak of each other in a circle. */
const longestChain = 10_000;

/** An object as a pack holds it. */
export interface StoredObject {
  readonly code: number;
  readonly size: number;
  /** The object that it is a delta against; null for a whole one. */
  readonly base: string | null;
  /** Its compressed bytes. */
  readonly deflated: Buffer;
}

/**
 * One packfile, read in place: an object costs one or two reads, never the whole pack. What is kept in memory is the
 * index and up to 16 MB of bases of deltas. Files are opened at the first read and held until `close`.
 */
export class PackReader {
  readonly #packPath: string;
  readonly #index: PackIndex;
  readonly #bases = new ByteBoundedCache<GitObject>(baseCacheBytes);
  #layout: PackLayout | null = null;
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

  /** The object as it stands in the pack, proven by the index's CRC-32, or null when this pack does not hold it. Throws `library.damaged`. */
  stored(oid: string): StoredObject | null {
    const start = this.#index.offsetOf(oid);
    if (start < 0) return null;
    this.#layout ??= new PackLayout(this.#index, this.#opened().endsAt);
    const span = this.#layout.spanAt(start);
    if (span === null) throw this.#broken(start);
    const bytes = this.#bytesAt(start, span.end - start);
    const header = parseEntryHeader(bytes);
    if (header === null || crc32(bytes) !== span.crc) throw this.#broken(start);
    const { code, size, distance, baseId, length } = header;
    const base = code === offsetDelta ? this.#layout.idAt(start - distance) : baseId;
    if (code === offsetDelta && base === null) throw this.#broken(start);
    return { code, size, base, deflated: bytes.subarray(length) };
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.file);
    this.#open = null;
    this.#bases.clear();
  }

  /** Follows a chain of deltas down to a whole object, then applies them on the way back up. */
  #readAt(offset: number): GitObject {
    const deltas: { readonly offset: number; readonly bytes: () => Buffer }[] = [];
    let at = offset;
    let object = this.#bases.get(String(at));
    while (object === undefined) {
      const stored = this.#storedAt(at);
      if (stored.base === null) {
        object = { type: stored.type, bytes: stored.bytes() };
        if (deltas.length > 0) this.#bases.set(String(at), object, object.bytes.length);
      } else {
        if (deltas.length >= longestChain) throw this.#broken(offset);
        deltas.push({ offset: at, bytes: stored.bytes });
        at = stored.base;
        object = this.#bases.get(String(at));
      }
    }
    for (const delta of deltas.reverse()) {
      object = { type: object.type, bytes: applyDelta(object.bytes, delta.bytes()) };
      this.#bases.set(String(delta.offset), object, object.bytes.length);
    }
    return object;
  }

  /** Bytes are unpacked when they are asked for: all deltas of a long chain at once could be more than memory holds. */
  #storedAt(
    offset: number,
  ):
    | { readonly base: null; readonly type: ObjectType; readonly bytes: () => Buffer }
    | { readonly base: number; readonly bytes: () => Buffer } {
    const probe = this.#bytesAt(offset, probeBytes);
    const header = parseEntryHeader(probe);
    if (header === null) throw this.#broken(offset);
    const { code, size, distance, baseId, length } = header;
    const bytes = () => this.#inflate(offset + length, size, probe.subarray(length));
    if (code === offsetDelta) {
      if (distance > offset) throw this.#broken(offset);
      return { base: offset - distance, bytes };
    }
    if (baseId !== null) {
      const base = this.#index.offsetOf(baseId);
      if (base < 0 || base === offset) throw this.#broken(offset);
      return { base, bytes };
    }
    const type = typeOfCode(code);
    if (type === null) throw this.#broken(offset);
    return { base: null, type, bytes };
  }

  /** `read` is what is at hand of it. */
  #inflate(offset: number, size: number, read: Buffer): Buffer {
    if (size > largestObjectBytes) throw this.#broken(offset);
    const inflated = inflateEntry(size, (length) =>
      length <= read.length ? read.subarray(0, length) : this.#bytesAt(offset, length),
    );
    if (inflated === null) throw this.#broken(offset);
    return inflated.bytes;
  }

  #bytesAt(offset: number, length: number): Buffer {
    const { file, endsAt } = this.#opened();
    if (offset >= endsAt) throw this.#broken(offset);
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, endsAt - offset)));
    if (readFully(file, bytes, offset) < bytes.length) throw this.#broken(offset);
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

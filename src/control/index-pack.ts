import { fstatSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Call } from "../ports/call.js";
import { damagedBundle } from "./bundle-header.js";
import { ByteBoundedCache } from "./byte-bounded-cache.js";
import { FileWindow } from "./file-window.js";
import { type GitObject, largestObjectBytes, objectId } from "./git-object.js";
import { createPacer } from "./pacer.js";
import { applyDelta } from "./pack-delta.js";
import { type EntryHeader, offsetDelta, parseEntryHeader, typeOfCode } from "./pack-entry.js";
import type { PackedObjects } from "./pack-index.js";
import { type Inflated, inflateEntry } from "./pack-inflate.js";

const longestHeader = 32;
const scanBytes = 4 * 1024 * 1024;
const leapBytes = 64 * 1024;
const baseCacheBytes = 16 * 1024 * 1024;
/** Git writes chains of 50; more than this is a circle. */
const longestChain = 4095;

/**
 * Reads a whole packfile of version 2 and tells what is in it: every object is unpacked, deltas are applied, and its id is made from its bytes. Memory is a
 * few MB and 36 bytes an object; about 100 for each object more where there are deltas that name their base by id. Throws `bundle.damaged` for what does not
 * hold together, and `cancelled`. Its trailing checksum is the caller's to compare.
 */
export async function indexPack(file: number, call: Call): Promise<PackedObjects> {
  const reader = new PackScan(file);
  await reader.scan(call);
  await reader.resolveDeltas(call);
  return reader.objects();
}

class PackScan {
  readonly #file: number;
  #window: FileWindow;
  readonly #endsAt: number;
  readonly #count: number;
  readonly #ids: Buffer;
  readonly #crcs: Uint32Array;
  readonly #offsets: Float64Array;
  readonly #bases = new ByteBoundedCache<GitObject>(baseCacheBytes);
  /** Positions of deltas whose ids are not known yet. */
  #pending: number[] = [];
  /** Positions by id; kept only where deltas ask by id. */
  readonly #byId = new Map<string, number>();
  #asksById = false;

  constructor(file: number) {
    this.#endsAt = fstatSync(file).size - 20;
    this.#file = file;
    this.#window = new FileWindow(file, this.#endsAt, scanBytes);
    const header = this.#window.at(0, 12);
    if (header.length < 12 || header.toString("latin1", 0, 4) !== "PACK" || header.readUInt32BE(4) !== 2)
      throw damagedBundle("it holds no pack of version 2");
    this.#count = header.readUInt32BE(8);
    // An object takes four bytes at the very least.
    if (this.#count > this.#endsAt / 4) throw damagedBundle("its pack claims more objects than it can hold");
    this.#ids = Buffer.alloc(this.#count * 20);
    this.#crcs = new Uint32Array(this.#count);
    this.#offsets = new Float64Array(this.#count);
  }

  objects(): PackedObjects {
    return { count: this.#count, ids: this.#ids, crcs: this.#crcs, offsets: this.#offsets };
  }

  async scan(call: Call): Promise<void> {
    const pace = createPacer(call);
    let offset = 12;
    for (let position = 0; position < this.#count; position++) {
      await pace();
      const header = this.#headerAt(offset);
      const { bytes, length } = this.#inflate(offset + header.length, header.size);
      const type = typeOfCode(header.code);
      this.#offsets[position] = offset;
      this.#crcs[position] = crc32(this.#window.at(offset, header.length + length));
      if (type !== null) this.#ids.write(objectId(type, bytes), position * 20, "hex");
      else this.#pending.push(position);
      if (header.baseId !== null) this.#asksById = true;
      offset += header.length + length;
    }
    if (offset !== this.#endsAt) throw damagedBundle("its pack does not end where it says");
  }

  /** Goes over the deltas until none is left: one may wait for the id of another. */
  async resolveDeltas(call: Call): Promise<void> {
    const pace = createPacer(call);
    this.#window = new FileWindow(this.#file, this.#endsAt, leapBytes);
    if (this.#asksById) {
      const waiting = new Set(this.#pending);
      for (let position = 0; position < this.#count; position++)
        if (!waiting.has(position)) this.#byId.set(this.#idAt(position), position);
    }
    while (this.#pending.length > 0) {
      const left: number[] = [];
      for (const position of this.#pending) {
        await pace();
        const object = this.#read(position, 0);
        if (object === null) {
          left.push(position);
          continue;
        }
        const oid = objectId(object.type, object.bytes);
        this.#ids.write(oid, position * 20, "hex");
        if (this.#asksById) this.#byId.set(oid, position);
      }
      if (left.length === this.#pending.length)
        throw damagedBundle("its pack holds deltas without what they build on");
      this.#pending = left;
    }
  }

  /** An object; null where its base is not known by id yet. */
  #read(position: number, depth: number): GitObject | null {
    const known = this.#bases.get(String(position));
    if (known !== undefined) return known;
    if (depth > longestChain) throw damagedBundle("its pack holds deltas that build on each other");
    const offset = this.#offsets[position] ?? 0;
    const header = this.#headerAt(offset);
    const type = typeOfCode(header.code);
    const base = type === null ? this.#baseOf(header, offset) : null;
    const below = base === null ? null : this.#read(base, depth + 1);
    if (type === null && below === null) return null;
    const { bytes } = this.#inflate(offset + header.length, header.size);
    const object = below === null ? { type: type ?? "blob", bytes } : this.#applied(below, bytes);
    this.#bases.set(String(position), object, object.bytes.length);
    return object;
  }

  #applied(base: GitObject, delta: Buffer): GitObject {
    try {
      return { type: base.type, bytes: applyDelta(base.bytes, delta) };
    } catch (error) {
      throw damagedBundle("a delta in its pack does not fit what it builds on", error);
    }
  }

  #baseOf({ code, distance, baseId }: EntryHeader, offset: number): number | null {
    if (code !== offsetDelta) return this.#byId.get(baseId ?? "") ?? null;
    const wanted = offset - distance;
    let low = 0;
    for (let high = this.#count; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    if (this.#offsets[low] !== wanted) throw damagedBundle("a delta in its pack points between objects");
    return low;
  }

  #idAt(position: number): string {
    return this.#ids.toString("hex", position * 20, position * 20 + 20);
  }

  #headerAt(offset: number): EntryHeader {
    const header = parseEntryHeader(this.#window.at(offset, longestHeader));
    if (header === null || header.size > largestObjectBytes) throw damagedBundle("its pack is malformed");
    return header;
  }

  #inflate(offset: number, size: number): Inflated {
    const inflated = inflateEntry(size, (length) => this.#window.at(offset, length));
    if (inflated === null) throw damagedBundle("an object in its pack cannot be unpacked");
    return inflated;
  }
}

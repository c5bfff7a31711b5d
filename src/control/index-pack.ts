import { fstatSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Call } from "../ports/call.js";
import { damagedBundle } from "./bundle-header.js";
import { ByteBoundedCache } from "./byte-bounded-cache.js";
import { FileWindow } from "./file-window.js";
import { codeByType, type GitObject, largestObjectBytes, objectId } from "./git-object.js";
import { breathe, createPacer } from "./pacer.js";
import { applyDelta } from "./pack-delta.js";
import { type EntryHeader, offsetDelta, parseEntryHeader, typeOfCode } from "./pack-entry.js";
import type { PackedObjects } from "./pack-index.js";
import { type Inflated, inflateEntry } from "./pack-inflate.js";

const longestHeader = 32;
const scanBytes = 4 * 1024 * 1024;
const leapBytes = 64 * 1024;
const baseCacheBytes = 16 * 1024 * 1024;
/** Git writes chains of 50 and allows this many. */
const longestChain = 4095;
/** Rebuilt objects between two looks at whether somebody wants it to end: a small pack may hold much. */
const bytesBetweenBreaths = 32 * 1024 * 1024;

/** What a pack was found to hold. */
export interface IndexedPack extends PackedObjects {
  /** The code of each object's type, whatever it is packed as. */
  readonly types: Uint8Array;
}

/**
 * Reads a whole packfile of version 2 and tells what is in it: every object is unpacked, deltas are applied, and its id is made from its bytes. Memory is a
 * few MB, three times the largest object and 39 bytes an object; about 100 for each object more where there are deltas that name their base by id. Throws `bundle.damaged` for what does not
 * hold together, and `cancelled`. Its trailing checksum is the caller's to compare.
 */
export async function indexPack(file: number, call: Call): Promise<IndexedPack> {
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
  readonly #types: Uint8Array;
  /** How many deltas each object is made of. */
  readonly #depths: Uint16Array;
  readonly #bases = new ByteBoundedCache<GitObject>(baseCacheBytes);
  /** Positions of deltas whose ids are not known yet. */
  #pending: number[] = [];
  /** Positions by id; kept only where deltas ask by id. */
  readonly #byId = new Map<string, number>();
  #asksById = false;
  #rebuiltBytes = 0;

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
    this.#types = new Uint8Array(this.#count);
    this.#depths = new Uint16Array(this.#count);
  }

  objects(): IndexedPack {
    return {
      count: this.#count,
      ids: this.#ids,
      crcs: this.#crcs,
      offsets: this.#offsets,
      types: this.#types,
    };
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
      if (type !== null) this.#know(position, { type, bytes });
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
        const object = await this.#read(position, call);
        if (object === null) left.push(position);
        else {
          this.#know(position, object);
          if (this.#asksById) this.#byId.set(this.#idAt(position), position);
        }
      }
      if (left.length === this.#pending.length)
        throw damagedBundle("its pack holds deltas without what they build on");
      this.#pending = left;
    }
  }

  #know(position: number, { type, bytes }: GitObject): void {
    this.#ids.write(objectId(type, bytes), position * 20, "hex");
    this.#types[position] = codeByType[type];
  }

  /** An object; null where its base is not known by id yet. Follows its deltas down to a whole object, then applies them on the way back up. */
  async #read(position: number, call: Call): Promise<GitObject | null> {
    const deltas: { readonly position: number; readonly header: EntryHeader }[] = [];
    let at = position;
    let object = this.#bases.get(String(at));
    while (object === undefined) {
      const header = this.#headerAt(this.#offsets[at] ?? 0);
      const type = typeOfCode(header.code);
      if (type !== null) {
        object = { type, bytes: this.#unpacked(at, header) };
        this.#bases.set(String(at), object, object.bytes.length);
      } else {
        deltas.push({ position: at, header });
        const base = this.#baseOf(header, this.#offsets[at] ?? 0);
        if (base === null) return null;
        at = base;
        object = this.#bases.get(String(at));
      }
    }
    for (const { position: next, header } of deltas.reverse()) {
      const depth = (this.#depths[at] ?? 0) + 1;
      if (depth > longestChain)
        throw damagedBundle("its pack holds too many deltas that build on each other");
      object = this.#applied(object, this.#unpacked(next, header));
      this.#depths[next] = depth;
      this.#bases.set(String(next), object, object.bytes.length);
      this.#rebuiltBytes += object.bytes.length;
      if (this.#rebuiltBytes > bytesBetweenBreaths) {
        this.#rebuiltBytes = 0;
        await breathe(call);
      }
      at = next;
    }
    return object;
  }

  #unpacked(position: number, header: EntryHeader): Buffer {
    return this.#inflate((this.#offsets[position] ?? 0) + header.length, header.size).bytes;
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

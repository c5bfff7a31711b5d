import { createHash } from "node:crypto";
import { damaged } from "./git-object.js";

// Layout (gitformat-pack, "Version 2 pack-*.idx files"): magic, version, 256 running counts by first byte, then columns
// of ids (20 bytes), CRC-32s (4), offsets (4; the top bit points into a column of 8-byte ones), two SHA-1 trailers.
const magic = 0xff744f63;
const fanoutStart = 8;
const idsStart = fanoutStart + 256 * 4;

/** Where the objects of one pack are, by binary search in the bytes of its `.idx` file. */
export class PackIndex {
  readonly #bytes: Buffer;
  readonly #path: string;
  readonly count: number;

  /** Throws `library.damaged` when the bytes are no index of version 2 (the only one Git has written since 2008). */
  constructor(bytes: Buffer, path: string) {
    if (bytes.length < idsStart + 40 || bytes.readUInt32BE(0) !== magic || bytes.readUInt32BE(4) !== 2) {
      throw damaged(`${path} is no pack index of version 2`);
    }
    this.#bytes = bytes;
    this.count = bytes.readUInt32BE(fanoutStart + 255 * 4);
    if (bytes.length < idsStart + this.count * 28 + 40) throw damaged(`${path} is cut short`);
    this.#path = path;
    for (let first = 0, before = 0; first < 256; first++) {
      const count = bytes.readUInt32BE(fanoutStart + first * 4);
      if (count < before) throw damaged(`${path} has counts that fall`);
      before = count;
    }
  }

  /** Offset of the object in the pack, or -1 when the pack does not hold it. Throws `library.damaged`. */
  offsetOf(oid: string): number {
    const wanted = Buffer.from(oid, "hex");
    const first = wanted[0] ?? 0;
    let low = first === 0 ? 0 : this.#bytes.readUInt32BE(fanoutStart + (first - 1) * 4);
    let high = this.#bytes.readUInt32BE(fanoutStart + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = idsStart + middle * 20;
      const order = this.#bytes.compare(wanted, 0, 20, start, start + 20);
      if (order === 0) return this.offsetAt(middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** The id at a position in the index, which is sorted by id. */
  idAt(position: number): string {
    return this.#bytes.toString("hex", idsStart + position * 20, idsStart + position * 20 + 20);
  }

  /** CRC-32 of an object's stretch of the pack. */
  crcAt(position: number): number {
    return this.#bytes.readUInt32BE(idsStart + this.count * 20 + position * 4);
  }

  /** Where the object at a position in the index begins in the pack. Throws `library.damaged`. */
  offsetAt(position: number): number {
    const offset = this.#bytes.readUInt32BE(idsStart + this.count * 24 + position * 4);
    if (offset < 0x80000000) return offset;
    const slot = idsStart + this.count * 28 + (offset - 0x80000000) * 8;
    if (slot + 8 > this.#bytes.length - 40)
      throw damaged(`${this.#path} names an offset that it does not hold`);
    return Number(this.#bytes.readBigUInt64BE(slot));
  }
}

/** The objects of a pack as they were written: 32 bytes an object, whatever their number. */
export interface PackedObjects {
  readonly count: number;
  /** 20 bytes each. */
  readonly ids: Buffer;
  readonly crcs: Uint32Array;
  readonly offsets: Float64Array;
}

/** The bytes of a version 2 `.idx` file for a pack whose trailer is `packChecksum`; `order` is that of `sortedPositions`. */
export function encodePackIndex(objects: PackedObjects, order: Uint32Array, packChecksum: Buffer): Buffer {
  const { count, ids, crcs, offsets } = objects;
  let largeCount = 0;
  for (let at = 0; at < count; at++) if ((offsets[at] ?? 0) >= 0x80000000) largeCount++;
  const bytes = Buffer.alloc(idsStart + count * 28 + largeCount * 8 + 40);
  bytes.writeUInt32BE(magic, 0);
  bytes.writeUInt32BE(2, 4);
  let large = 0;
  order.forEach((position, rank) => {
    ids.copy(bytes, idsStart + rank * 20, position * 20, position * 20 + 20);
    bytes.writeUInt32BE(crcs[position] ?? 0, idsStart + count * 20 + rank * 4);
    const offset = offsets[position] ?? 0;
    const slot = idsStart + count * 24 + rank * 4;
    if (offset < 0x80000000) bytes.writeUInt32BE(offset, slot);
    else {
      bytes.writeUInt32BE(0x80000000 + large, slot);
      bytes.writeBigUInt64BE(BigInt(offset), idsStart + count * 28 + large * 8);
      large++;
    }
  });
  writeFanout(bytes, count);
  packChecksum.copy(bytes, bytes.length - 40);
  createHash("sha1")
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  return bytes;
}

/** Positions of the objects in order of their ids. */
export function sortedPositions({ count, ids }: PackedObjects): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at).sort((a, b) =>
    ids.compare(ids, b * 20, b * 20 + 20, a * 20, a * 20 + 20),
  );
}

function writeFanout(bytes: Buffer, count: number): void {
  let rank = 0;
  for (let first = 0; first < 256; first++) {
    while (rank < count && (bytes[idsStart + rank * 20] ?? 0) <= first) rank++;
    bytes.writeUInt32BE(rank, fanoutStart + first * 4);
  }
}

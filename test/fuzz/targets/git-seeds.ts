import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { objectId } from "../../../src/control/git-object.js";
import { encodePackIndex, type PackedObjects, sortedPositions } from "../../../src/control/pack-index.js";

/** An object as it stands in a pack: its id, its header with what follows of a base, and its unpacked bytes. */
interface Packed {
  readonly oid: string;
  readonly head: Buffer;
  readonly bytes: Buffer;
}

const BASE = Buffer.from("a base that deltas speak of, long enough\n".repeat(4));
const RESULT = Buffer.from("a base");
/** Copies the first six bytes of the base. */
const DELTA = Buffer.from([
  (BASE.length & 0x7f) | 0x80,
  BASE.length >> 7,
  RESULT.length,
  0x90,
  RESULT.length,
]);

const header = (code: number, size: number): Buffer =>
  size < 16 ? Buffer.from([(code << 4) | size]) : Buffer.from([0x80 | (code << 4) | (size & 15), size >> 4]);

/** A pack and its index as one input: length of the index, index, pack. */
function packInput(make: (offsets: readonly number[]) => readonly Packed[], count: number): Buffer {
  const offsets: number[] = [];
  const parts: Buffer[] = [Buffer.from([0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2, 0, 0, 0, count])];
  let at = 12;
  for (let turn = 0; turn < count; turn++) {
    const one = make([...offsets, at])[turn];
    if (one === undefined) break;
    offsets.push(at);
    const bytes = Buffer.concat([one.head, deflateSync(one.bytes)]);
    parts.push(bytes);
    at += bytes.length;
  }
  const made = make(offsets);
  const sum = createHash("sha1").update(Buffer.concat(parts)).digest();
  const packed: PackedObjects = {
    count: offsets.length,
    ids: Buffer.concat(made.map(({ oid }) => Buffer.from(oid, "hex"))),
    crcs: Uint32Array.from(parts.slice(1), (part) => crc32(part)),
    offsets: Float64Array.from(offsets),
  };
  const index = encodePackIndex(packed, sortedPositions(packed), sum);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  return Buffer.concat([length, index, ...parts, sum]);
}

/** Whole objects; a delta on an earlier offset; a delta on an id. */
export function packSeeds(): readonly Buffer[] {
  const base: Packed = { oid: objectId("blob", BASE), head: header(3, BASE.length), bytes: BASE };
  const oid = objectId("blob", RESULT);
  const whole: Packed = { oid, head: header(1, RESULT.length), bytes: RESULT };
  const byOffset = (offsets: readonly number[]): Packed => ({
    oid,
    head: Buffer.concat([header(6, DELTA.length), Buffer.from([(offsets[1] ?? 0) - (offsets[0] ?? 0)])]),
    bytes: DELTA,
  });
  const byId: Packed = {
    oid,
    head: Buffer.concat([header(7, DELTA.length), Buffer.from(base.oid, "hex")]),
    bytes: DELTA,
  };
  return [
    packInput(() => [base, whole], 2),
    packInput((offsets) => [base, byOffset(offsets)], 2),
    packInput(() => [base, byId], 2),
  ];
}

/** Loose objects as they unpack. */
export const looseSeeds = (): readonly Buffer[] =>
  ["blob 5\0hello", "tree 0\0", "commit 3\0abc"].map((text) => Buffer.from(text, "latin1"));

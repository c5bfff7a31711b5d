import { damaged, largestObjectBytes } from "./git-object.js";

/**
 * Rebuilds an object from its base and a delta (gitformat-pack, "Deltified representation"): two sizes, then
 * instructions that either copy a range of the base or insert literal bytes. Throws `library.damaged`.
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const cursor = { at: 0 };
  const baseSize = readSize(delta, cursor);
  const resultSize = readSize(delta, cursor);
  if (baseSize !== base.length) throw damaged("a delta in a pack does not fit its base");
  if (resultSize > largestObjectBytes) throw damaged("a delta in a pack claims an absurd size");
  // Twice: memory for the result is taken only once the instructions have made up its size.
  let size = 0;
  for (const piece of piecesOf(base, delta, cursor.at)) {
    size += piece.length;
    if (size > resultSize) throw damaged("a delta in a pack overflows its object");
  }
  if (size !== resultSize) throw damaged("a delta in a pack is cut short");
  const result = Buffer.allocUnsafe(resultSize);
  let filled = 0;
  for (const piece of piecesOf(base, delta, cursor.at)) filled += piece.copy(result, filled);
  return result;
}

/** What the instructions from `at` on bring together, as views of the base and the delta. */
function* piecesOf(base: Buffer, delta: Buffer, at: number): Generator<Buffer> {
  const cursor = { at };
  while (cursor.at < delta.length) {
    const opcode = byteAt(delta, cursor.at++);
    if (opcode === 0) throw damaged("a delta in a pack has an unknown instruction");
    yield opcode & 0x80 ? copyOf(base, delta, opcode, cursor) : literalOf(delta, opcode, cursor);
  }
}

interface Cursor {
  at: number;
}

function copyOf(base: Buffer, delta: Buffer, opcode: number, cursor: Cursor): Buffer {
  let offset = 0;
  let size = 0;
  for (let bit = 0; bit < 4; bit++)
    if (opcode & (1 << bit)) offset += byteAt(delta, cursor.at++) * 256 ** bit;
  for (let bit = 0; bit < 3; bit++) if (opcode & (16 << bit)) size += byteAt(delta, cursor.at++) * 256 ** bit;
  if (size === 0) size = 0x10000;
  if (offset + size > base.length) throw damaged("a delta in a pack copies from outside its base");
  return base.subarray(offset, offset + size);
}

function literalOf(delta: Buffer, length: number, cursor: Cursor): Buffer {
  const start = cursor.at;
  cursor.at += length;
  return delta.subarray(start, cursor.at);
}

function readSize(delta: Buffer, cursor: Cursor): number {
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = byteAt(delta, cursor.at++);
    size += (byte & 0x7f) * factor;
    if (byte < 0x80) return size;
  }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw damaged("a delta in a pack is cut short");
  return byte;
}

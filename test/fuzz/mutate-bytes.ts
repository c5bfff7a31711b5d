import type { Random } from "./random.js";

/** Longest input that is made: what parsers do wrong shows in little. */
export const MOST_INPUT_BYTES = 64 * 1024;

/** Values at which lengths, counts and offsets go wrong. */
const EDGES = [
  0, 1, 2, 4, 7, 8, 0x0a, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, 0x7fffffff,
  0x80000000, 0xfffffffe, 0xffffffff,
];

function writeNumber(bytes: Buffer, at: number, value: number, width: number, little: boolean): void {
  for (let i = 0; i < width && at + i < bytes.length; i++) {
    const place = little ? i : width - 1 - i;
    bytes[at + i] = place < 4 ? (value >>> (8 * place)) & 0xff : value === 0xffffffff ? 0xff : 0;
  }
}

const cut = (bytes: Buffer, at: number, length: number, insert: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + length))]);

/** Where a token stands, so that the fields behind signatures and tags are hit more often than chance would. */
function anchor(bytes: Buffer, tokens: readonly Buffer[], random: Random): number {
  if (tokens.length === 0 || random.oneIn(2)) return random.below(bytes.length);
  const token = random.pick(tokens);
  const found = bytes.indexOf(token, random.below(bytes.length));
  const at = found >= 0 ? found : bytes.indexOf(token);
  return at < 0 ? random.below(bytes.length) : at + random.below(48) - 8;
}

function once(bytes: Buffer, other: Buffer, tokens: readonly Buffer[], random: Random): Buffer {
  const at = Math.max(0, Math.min(bytes.length - 1, anchor(bytes, tokens, random)));
  const length = 1 + random.below(random.oneIn(4) ? 512 : 16);
  switch (random.below(12)) {
    case 0:
      bytes[at] = random.below(256);
      return bytes;
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 2:
    case 3:
      writeNumber(bytes, at, random.pick(EDGES), random.pick([1, 2, 4, 8]), random.oneIn(2));
      return bytes;
    case 4: {
      const width = random.pick([1, 2, 4]);
      const near = (bytes[at] ?? 0) + random.below(9) - 4;
      writeNumber(bytes, at, near >>> 0, width, random.oneIn(2));
      return bytes;
    }
    case 5:
      // A number that points somewhere inside: offsets, and directories that lead back to themselves.
      writeNumber(bytes, at, random.below(bytes.length + 16), random.pick([2, 4]), random.oneIn(2));
      return bytes;
    case 6:
      return cut(bytes, at, length, Buffer.alloc(0));
    case 7:
      return cut(bytes, at, 0, bytes.subarray(at, at + length));
    case 8: {
      const from = random.below(Math.max(1, other.length));
      return cut(bytes, at, random.oneIn(2) ? length : 0, other.subarray(from, from + length));
    }
    case 9:
      return tokens.length === 0
        ? cut(bytes, at, 0, Buffer.alloc(length, random.below(256)))
        : cut(bytes, at, random.oneIn(2) ? 8 : 0, random.pick(tokens));
    case 10:
      return bytes.subarray(0, at);
    default: {
      const from = random.below(bytes.length);
      bytes.copyWithin(at, from, from + length);
      return bytes;
    }
  }
}

/** A changed copy of `bytes`; pieces of `other` and of `tokens` may be put in. */
export function mutateBytes(
  bytes: Uint8Array,
  other: Uint8Array,
  tokens: readonly Buffer[],
  random: Random,
): Buffer {
  let changed = Buffer.from(bytes);
  const mate = Buffer.from(other);
  for (let times = 1 + random.below(random.oneIn(3) ? 12 : 3); times > 0; times--) {
    if (changed.length === 0) changed = Buffer.from(mate);
    if (changed.length === 0) return Buffer.from([random.below(256)]);
    changed = Buffer.from(once(changed, mate, tokens, random));
  }
  return changed.subarray(0, MOST_INPUT_BYTES);
}

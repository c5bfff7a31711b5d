/** A QR code of versions 1 to 10 with error correction level L (ISO/IEC 18004): codewords of data, of correction in a block, blocks. */
const VERSIONS = [
  { data: 19, correction: 7, blocks: 1, centres: [] },
  { data: 34, correction: 10, blocks: 1, centres: [6, 18] },
  { data: 55, correction: 15, blocks: 1, centres: [6, 22] },
  { data: 80, correction: 20, blocks: 1, centres: [6, 26] },
  { data: 108, correction: 26, blocks: 1, centres: [6, 30] },
  { data: 136, correction: 18, blocks: 2, centres: [6, 34] },
  { data: 156, correction: 20, blocks: 2, centres: [6, 22, 38] },
  { data: 194, correction: 24, blocks: 2, centres: [6, 24, 42] },
  { data: 232, correction: 30, blocks: 2, centres: [6, 26, 46] },
  { data: 274, correction: 18, blocks: 4, centres: [6, 28, 50] },
] as const;

/** The product in the field of 256 elements that the code is defined on (polynomial 0x11D). */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree: number): number[] {
  const generator: number[] = Array.from({ length: degree }, (_, at) => (at === degree - 1 ? 1 : 0));
  let root = 1;
  for (let count = 0; count < degree; count++) {
    for (let at = 0; at < degree; at++) {
      generator[at] = times(generator[at] ?? 0, root) ^ (generator[at + 1] ?? 0);
    }
    root = times(root, 2);
  }
  return generator;
}

function correctionOf(block: readonly number[], generator: readonly number[]): number[] {
  let rest = generator.map(() => 0);
  for (const byte of block) {
    const factor = byte ^ (rest[0] ?? 0);
    rest = generator.map((each, at) => (rest[at + 1] ?? 0) ^ times(each, factor));
  }
  return rest;
}

/** Byte mode: its sign, the length, the bytes, an end, and the filling that the standard names. */
function dataCodewords(bytes: Uint8Array, version: number, capacity: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const codewords = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0),
  );
  for (let filler = 0xec; codewords.length < capacity; filler ^= 0xfd) codewords.push(filler);
  return codewords;
}

/** Data and correction of all blocks, interleaved. */
function allCodewords(data: readonly number[], correction: number, blocks: number): number[] {
  const generator = generatorOf(correction);
  const short = Math.floor(data.length / blocks);
  const longer = data.length % blocks;
  const parts: number[][] = [];
  for (let at = 0, block = 0; block < blocks; block++) {
    const length = short + (block >= blocks - longer ? 1 : 0);
    parts.push(data.slice(at, at + length));
    at += length;
  }
  const interleaved = (all: readonly (readonly number[])[]): number[] =>
    Array.from({ length: Math.max(...all.map((part) => part.length)) }, (_, at) =>
      all.flatMap((part) => part[at] ?? []),
    ).flat();
  return [...interleaved(parts), ...interleaved(parts.map((part) => correctionOf(part, generator)))];
}

class Matrix {
  readonly size: number;
  readonly #dark: (boolean | undefined)[];

  constructor(size: number) {
    this.size = size;
    this.#dark = Array.from({ length: size * size });
  }

  get(x: number, y: number): boolean | undefined {
    return x < 0 || y < 0 || x >= this.size || y >= this.size ? false : this.#dark[y * this.size + x];
  }

  set(x: number, y: number, isDark: boolean): void {
    if (x >= 0 && y >= 0 && x < this.size && y < this.size) this.#dark[y * this.size + x] = isDark;
  }
}

/** A square ring around a centre: dark but for the rings that are named. */
function pattern(matrix: Matrix, x: number, y: number, radius: number, light: readonly number[]): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      matrix.set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

function drawPatterns(matrix: Matrix, centres: readonly number[]): void {
  const { size } = matrix;
  for (let at = 0; at < size; at++) {
    matrix.set(6, at, at % 2 === 0);
    matrix.set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    pattern(matrix, x, y, 4, [2, 4]);
  }
  const last = centres.length - 1;
  for (const [i, x] of centres.entries()) {
    for (const [j, y] of centres.entries()) {
      const isCorner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!isCorner) pattern(matrix, x, y, 2, [1]);
    }
  }
}

/** A value followed by the remainder of its division, as format and version are written. */
function withRemainder(value: number, divisor: number, degree: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * divisor);
  return (value << degree) | rest;
}

/** Level L with mask 0. The standard wants the fairest of eight masks; readers take any, and one is enough for an address. */
const FORMAT = withRemainder(0b01000, 0x537, 10) ^ 0x5412;
const isMasked = (x: number, y: number): boolean => (x + y) % 2 === 0;

function drawFormat(matrix: Matrix): void {
  const { size } = matrix;
  const bit = (at: number): boolean => ((FORMAT >>> at) & 1) === 1;
  for (let at = 0; at <= 5; at++) matrix.set(8, at, bit(at));
  matrix.set(8, 7, bit(6));
  matrix.set(8, 8, bit(7));
  matrix.set(7, 8, bit(8));
  for (let at = 9; at < 15; at++) matrix.set(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at++) matrix.set(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at++) matrix.set(8, size - 15 + at, bit(at));
  matrix.set(8, size - 8, true);
}

function drawVersion(matrix: Matrix, version: number): void {
  if (version < 7) return;
  const bits = withRemainder(version, 0x1f25, 12);
  for (let at = 0; at < 18; at++) {
    const isDark = ((bits >>> at) & 1) === 1;
    const [a, b] = [matrix.size - 11 + (at % 3), Math.floor(at / 3)];
    matrix.set(a, b, isDark);
    matrix.set(b, a, isDark);
  }
}

/** In columns of two from the right, up and down by turns, wherever nothing else is. */
function drawData(matrix: Matrix, codewords: readonly number[]): void {
  const { size } = matrix;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (matrix.get(x, y) !== undefined) continue;
        const bit = ((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
        matrix.set(x, y, (bit === 1) !== isMasked(x, y));
        at += 1;
      }
    }
  }
}

/** Which modules of the QR code of a text are dark, row by row; null for a text of more than 271 bytes. */
export function qrCode(text: string): readonly (readonly boolean[])[] | null {
  const bytes = new TextEncoder().encode(text);
  const at = VERSIONS.findIndex(({ data }, index) => bytes.length + (index + 1 < 10 ? 2 : 3) <= data);
  const found = VERSIONS[at];
  if (found === undefined) return null;
  const version = at + 1;
  const matrix = new Matrix(17 + 4 * version);
  drawPatterns(matrix, found.centres);
  drawFormat(matrix);
  drawVersion(matrix, version);
  drawData(matrix, allCodewords(dataCodewords(bytes, version, found.data), found.correction, found.blocks));
  const every = Array.from({ length: matrix.size }, (_, index) => index);
  return every.map((y) => every.map((x) => matrix.get(x, y) === true));
}

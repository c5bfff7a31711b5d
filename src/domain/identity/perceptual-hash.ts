/** Cells on each side of the grid that a picture is shrunk to. */
export const GRID_SIZE = 64;
/** Frequencies on each side of the block that becomes the hash: 16 × 16 = 256 bits. */
const FREQUENCIES = 16;

/** How many of a hash's bits there are; two unrelated pictures differ in about half of them. */
export const HASH_BITS = FREQUENCIES * FREQUENCIES;

/** The first 16 cosines after the constant one of the 64-point DCT-II, scaled to unit length. */
function cosines(): readonly (readonly number[])[] {
  const scale = Math.sqrt(2 / GRID_SIZE);
  return Array.from({ length: FREQUENCIES }, (_, index) =>
    Array.from(
      { length: GRID_SIZE },
      (_unused, cell) => scale * Math.cos((Math.PI * (2 * cell + 1) * (index + 1)) / (2 * GRID_SIZE)),
    ),
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length >> 1) - 1] ?? 0;
}

/**
 * The perceptual hash of a 64 × 64 luminance grid (row by row, any scale): the hash part of PDQ (Facebook, "The TMK+PDQF
 * Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019), a descendant of the DCT hash of Zauner's thesis
 * "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010). The grid's DCT-II is cut to the 16 × 16
 * lowest frequencies without the constant row and column, and each becomes one bit: above their median or not.
 * 256 bits rather than Zauner's 64, because a library is full of pictures that differ in little. 64 hex digits, row by
 * row, most significant bit first; they are compared with each other and with no other program's hashes, because the way
 * to the grid differs. Deterministic; brightness and contrast change little in it.
 */
export function perceptualHash(grid: ArrayLike<number>): string {
  const table = cosines();
  const rows = Array.from({ length: GRID_SIZE }, (_, y) =>
    table.map((wave) => wave.reduce((sum, cosine, x) => sum + cosine * (grid[y * GRID_SIZE + x] ?? 0), 0)),
  );
  const block = table.flatMap((wave) =>
    table.map((_, column) => wave.reduce((sum, cosine, y) => sum + cosine * (rows[y]?.[column] ?? 0), 0)),
  );
  const median = medianOf(block);
  let hex = "";
  for (let start = 0; start < HASH_BITS; start += 4) {
    const digit = block
      .slice(start, start + 4)
      .reduce((bits, value) => bits * 2 + (value > median ? 1 : 0), 0);
    hex += digit.toString(16);
  }
  return hex;
}

/** How many bits two hashes of equal length differ in; every bit where one of them is no hash of this kind. */
export function hashDistance(a: string, b: string): number {
  if (a.length !== b.length || !/^[0-9a-f]+$/.test(a + b)) return HASH_BITS;
  let distance = 0;
  for (let index = 0; index < a.length; index += 1) {
    const differing = Number.parseInt(a.charAt(index), 16) ^ Number.parseInt(b.charAt(index), 16);
    distance += [...differing.toString(2)].filter((bit) => bit === "1").length;
  }
  return distance;
}

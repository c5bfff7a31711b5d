import { GRID_SIZE, perceptualHash } from "./perceptual-hash.js";

/** Cells on each side of the colour grid. */
const COLOUR_SIZE = 8;
const CELLS = GRID_SIZE * GRID_SIZE;
/** Cells on each side of the finer grid that is kept of flat pictures. */
export const FINE_SIZE = 128;
/** A photograph of which more than a third is one tone, a sky say, is treated as a document. */
export const MOST_FLATNESS = 0.35;
/** Its renditions come out a little less flat now and then; the finer grid of both is needed. */
const FLATNESS_KEPT = 0.32;

/** What is kept of a picture to tell it from others: the same for the same bytes, upright; 4 KB, of a flat one 20. */
export interface Sketch {
  /** See `perceptualHash`. */
  readonly hash: string;
  /** 64 × 64 luminances, 0 to 255, row by row. */
  readonly luminance: Uint8Array;
  /** 8 × 8 pairs of blue and red difference, 128 where there is no colour. */
  readonly colour: Uint8Array;
  /** Mean step between neighbouring cells, in levels: what there is to see. A black frame has none. */
  readonly detail: number;
  /** The part of the cells, 0 to 1, that are of one tone: much of a scan, a chart or a screenshot, little of a photograph. */
  readonly flatness: number;
  /** 128 × 128 luminances of a flat picture: two pages of one form differ in little else than small print. */
  readonly fine?: Uint8Array;
}

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

function detailOf(luminance: Uint8Array): number {
  let steps = 0;
  for (let y = 0; y < GRID_SIZE; y += 1) {
    for (let x = 0; x < GRID_SIZE; x += 1) {
      const here = luminance[y * GRID_SIZE + x] ?? 0;
      if (x > 0) steps += Math.abs(here - (luminance[y * GRID_SIZE + x - 1] ?? 0));
      if (y > 0) steps += Math.abs(here - (luminance[(y - 1) * GRID_SIZE + x] ?? 0));
    }
  }
  return steps / (2 * GRID_SIZE * (GRID_SIZE - 1));
}

/** Neighbouring levels that count as one tone. */
const TONE = 8;

function flatnessOf(luminance: Uint8Array): number {
  const cells = new Array<number>(256).fill(0);
  for (const level of luminance) cells[level] = (cells[level] ?? 0) + 1;
  const tones = cells.map((_, level) => cells.slice(level, level + TONE).reduce((sum, one) => sum + one, 0));
  return Math.max(...tones) / CELLS;
}

/** Blue and red difference of each of the 64 blocks, from the means of their cells. */
function colourOf(rgb: Uint8Array): Uint8Array {
  const colour = new Uint8Array(COLOUR_SIZE * COLOUR_SIZE * 2);
  const side = GRID_SIZE / COLOUR_SIZE;
  for (let block = 0; block < COLOUR_SIZE * COLOUR_SIZE; block += 1) {
    const [top, left] = [Math.floor(block / COLOUR_SIZE) * side, (block % COLOUR_SIZE) * side];
    let [red, green, blue] = [0, 0, 0];
    for (let cell = 0; cell < side * side; cell += 1) {
      const at = 3 * ((top + Math.floor(cell / side)) * GRID_SIZE + left + (cell % side));
      red += rgb[at] ?? 0;
      green += rgb[at + 1] ?? 0;
      blue += rgb[at + 2] ?? 0;
    }
    const cells = side * side;
    colour[2 * block] = byte(128 + (-0.168736 * red - 0.331264 * green + 0.5 * blue) / cells);
    colour[2 * block + 1] = byte(128 + (0.5 * red - 0.418688 * green - 0.081312 * blue) / cells);
  }
  return colour;
}

/** The luminance of each pixel of three bytes. Weights of ITU-R BT.601, as JPEG uses. */
export function luminancesOf(rgb: Uint8Array): Uint8Array {
  const luminances = new Uint8Array(rgb.length / 3);
  for (let cell = 0; cell < luminances.length; cell += 1) {
    const at = 3 * cell;
    luminances[cell] = byte(0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0));
  }
  return luminances;
}

/** The sketch of a picture shrunk to 64 × 64 sRGB pixels (12,288 bytes), upright, and to 128 × 128 luminances. */
export function sketchOf({ rgb, fine }: { readonly rgb: Uint8Array; readonly fine: Uint8Array }): Sketch {
  const luminance = luminancesOf(rgb);
  const flatness = flatnessOf(luminance);
  return {
    hash: perceptualHash(luminance),
    luminance,
    colour: colourOf(rgb),
    detail: detailOf(luminance),
    flatness,
    ...(flatness >= FLATNESS_KEPT && { fine }),
  };
}

/** The pixels of a 64 × 64 grid turned clockwise by 90 degrees, `turns` times; `channels` bytes for each. */
export function turned(pixels: Uint8Array, turns: number, channels: number): Uint8Array {
  let now = pixels;
  for (let turn = 0; turn < turns; turn += 1) {
    const before = now;
    const size = Math.sqrt(before.length / channels);
    now = new Uint8Array(before.length);
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const from = channels * ((size - 1 - x) * size + y);
        now.set(before.subarray(from, from + channels), channels * (y * size + x));
      }
    }
  }
  return now;
}

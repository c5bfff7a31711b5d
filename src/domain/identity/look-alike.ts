import { GRID_SIZE, hashDistance } from "./perceptual-hash.js";
import { MOST_FLATNESS, type Sketch, turned } from "./sketch.js";

/** How two pictures look beside each other. */
export type Likeness =
  /** Nothing but what re-encoding and resizing change. Two exposures on a tripod can look so, too. */
  | "equal"
  /** As `equal`, one of them turned by quarter turns. */
  | "turned"
  /** The same view with differences: an edit, another exposure, a frame of a burst. */
  | "near"
  | "unlike"
  /** Nothing differs, but too little is to be seen to tell: black frames, an empty wall, fog. */
  | "featureless";

export interface Look {
  readonly likeness: Likeness;
  /** Bits of the hashes that differ, 0 to 256. */
  readonly distance: number;
  /** Root of the mean squared difference of luminance, in levels. */
  readonly spread: number;
  /** Greatest difference of luminance of four neighbouring cells together, in levels. */
  readonly worst: number;
  /** Greatest difference of colour of a block, in levels. */
  readonly colour: number;
  /**
   * True where equal looks tell this picture from others of its kind: both are full of tones, as photographs are, or equal
   * in small print, too. Two pages of one form, two slides, the clock of a screenshot differ in that alone.
   */
  readonly isTelling: boolean;
  /** Quarter turns clockwise that make the second like the first; 0 where none is needed or helps. */
  readonly turns: number;
}

/**
 * What re-encoding changes at most: real and painted pictures at JPEG quality 60 to 95 and 1024 to 2048 pixels came to
 * a worst cell of 6, rarely 8 (`npm run identity`), while a camera that moved by three thousandths of the frame, or a subject by
 * a hundredth, made one of 10 and more.
 */
const EQUAL = { distance: 12, spread: 4, worst: 9, colour: 7 } as const;
/** What differs by less can only turn bits of frequencies that are hardly there: a chessboard has few others. */
const FAINT_SPREAD = 1.5;
/**
 * Of a cell of the finer grid. Quality 60 to 95 and 1024 to 2048 pixels came to 13 at most; a scan moved by two pixels of
 * 1654 to 36, another page number on a slide to 38, another minute on a screenshot to 51.
 */
const EQUAL_PRINT = 16;
/** PDQ's own bound for pictures that are alike is 31 of 256 bits; a burst's frames reach past it. */
const NEAR_DISTANCE = 64;
/** Below this mean step between cells the differences that count could not be seen. */
const LEAST_DETAIL = 0.6;
const greatestGap = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((greatest, value, at) => Math.max(greatest, Math.abs(value - (b[at] ?? 0))), 0);

function differences(a: Sketch, b: Sketch): Omit<Look, "likeness" | "turns"> {
  let [squares, worst] = [0, 0];
  const colour = greatestGap(a.colour, b.colour);
  const gap = (at: number): number => (a.luminance[at] ?? 0) - (b.luminance[at] ?? 0);
  for (let y = 0; y < GRID_SIZE; y += 1) {
    for (let x = 0; x < GRID_SIZE; x += 1) {
      const at = y * GRID_SIZE + x;
      squares += gap(at) ** 2;
      if (x + 1 === GRID_SIZE || y + 1 === GRID_SIZE) continue;
      const four = gap(at) + gap(at + 1) + gap(at + GRID_SIZE) + gap(at + GRID_SIZE + 1);
      worst = Math.max(worst, Math.abs(four) / 4);
    }
  }
  const spread = Math.sqrt(squares / (GRID_SIZE * GRID_SIZE));
  const isPhotographic = Math.max(a.flatness, b.flatness) <= MOST_FLATNESS;
  const isTelling = isPhotographic || (a.fine && b.fine ? greatestGap(a.fine, b.fine) <= EQUAL_PRINT : false);
  return { distance: hashDistance(a.hash, b.hash), spread, worst, colour, isTelling };
}

const isEqual = ({
  distance,
  spread,
  worst,
  colour,
}: Pick<Look, "distance" | "spread" | "worst" | "colour">): boolean =>
  (distance <= EQUAL.distance || spread <= FAINT_SPREAD) &&
  spread <= EQUAL.spread &&
  worst <= EQUAL.worst &&
  colour <= EQUAL.colour;

/**
 * The quarter turns that make the second like the first, 0 where none do. The few colours are compared first, which
 * spares turning the grid of nearly every pair. The hash follows from the cells, so that their equality is all that is asked.
 */
function turnsBetween(a: Sketch, b: Sketch): number {
  return (
    [1, 2, 3].find((turns) => {
      const colour = turned(b.colour, turns, 2);
      if (greatestGap(a.colour, colour) > EQUAL.colour) return false;
      const luminance = turned(b.luminance, turns, 1);
      return isEqual(differences(a, { ...b, luminance, colour, hash: a.hash }));
    }) ?? 0
  );
}

/** Compares how two pictures look, whatever their sizes. Symmetric but for the direction of `turns`. */
export function compareLooks(a: Sketch, b: Sketch): Look {
  const found = differences(a, b);
  const isFlat = Math.min(a.detail, b.detail) < LEAST_DETAIL;
  // Where nothing is to be seen the hash is made of noise.
  if (isFlat && isEqual({ ...found, distance: 0 })) return { ...found, likeness: "featureless", turns: 0 };
  if (isEqual(found)) return { ...found, likeness: "equal", turns: 0 };
  const turns = turnsBetween(a, b);
  if (turns > 0) return { ...found, likeness: "turned", turns };
  return { ...found, likeness: found.distance <= NEAR_DISTANCE ? "near" : "unlike", turns: 0 };
}

import sharp from "sharp";
import { GRID_SIZE } from "../../domain/identity/perceptual-hash.js";
import { FINE_SIZE, luminancesOf } from "../../domain/identity/sketch.js";
import type { Call } from "../../ports/call.js";
import type { PictureReader, Thumbprint } from "../../ports/picture-reader.js";
import { throwIfAborted } from "../until-aborted.js";

/** Above this a decoder's memory is no longer small; panoramas of stitched frames reach 200 megapixels. */
const MOST_PIXELS = 500_000_000;

/** Pixels on each side, at most, that the grids are made of. */
const STEP_SIZE = 256;

interface Pixels {
  readonly levels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Which pixels of a row, and how much of each, make one cell of `size`. */
function sharesOf(cell: number, size: number, length: number): readonly (readonly [number, number])[] {
  const [start, end] = [(cell * length) / size, ((cell + 1) * length) / size];
  const shares: (readonly [number, number])[] = [];
  for (let at = Math.floor(start); at < Math.min(end, length); at += 1) {
    const share = Math.min(end, at + 1) - Math.max(start, at);
    if (share > 1e-9) shares.push([at, share / (end - start)]);
  }
  return shares;
}

/**
 * The picture's exact means over a square grid. Shrinking straight to the grid would leave the traces of where each
 * decoder's reduced sizes fall, and enlarging a small picture moves it by part of a pixel, another way once it is turned: up to
 * 22 levels between two files of one picture, where means differ by 3.
 */
function cellMeans({ levels, width, height }: Pixels, size: number): Uint8Array {
  const columns = Array.from({ length: size }, (_, x) => sharesOf(x, size, width));
  const means = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y += 1) {
    const rows = sharesOf(y, size, height);
    for (const [x, across] of columns.entries()) {
      let [red, green, blue] = [0, 0, 0];
      for (const [row, down] of rows) {
        for (const [column, share] of across) {
          const at = 3 * (row * width + column);
          red += down * share * (levels[at] ?? 0);
          green += down * share * (levels[at + 1] ?? 0);
          blue += down * share * (levels[at + 2] ?? 0);
        }
      }
      means.set([Math.round(red), Math.round(green), Math.round(blue)], 3 * (y * size + x));
    }
  }
  return means;
}

/**
 * Pictures through sharp (libvips): JPEG, PNG, WebP, GIF (its first frame), TIFF and AVIF. Transparency is laid on white, as
 * browsers show it; an embedded colour profile is applied, since services drop it. JPEGs are decoded at an eighth or a
 * quarter of their size where that still leaves twice the grid: their DCT makes exact means at a fraction of the time.
 */
export class SharpPictures implements PictureReader {
  async look(
    bytes: string | Uint8Array,
    call: Call,
  ): Promise<Thumbprint | { readonly kind: "unreadable"; readonly reason: string }> {
    throwIfAborted(call);
    try {
      const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "error", sequentialRead: true });
      const { autoOrient } = await picture.metadata();
      const [width, height] = [autoOrient.width, autoOrient.height];
      const levels = await picture
        .autoOrient()
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb")
        .resize(Math.min(STEP_SIZE, width), Math.min(STEP_SIZE, height), {
          fit: "fill",
          kernel: "lanczos3",
          fastShrinkOnLoad: false,
        })
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      throwIfAborted(call);
      const pixels = { levels: levels.data, width: levels.info.width, height: levels.info.height };
      const fine = luminancesOf(cellMeans(pixels, FINE_SIZE));
      return { kind: "seen", rgb: cellMeans(pixels, GRID_SIZE), fine, width, height };
    } catch (error) {
      throwIfAborted(call);
      return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

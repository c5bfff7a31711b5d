import sharp from "sharp";
import { GRID_SIZE } from "../../domain/identity/perceptual-hash.js";
import type { Call } from "../../ports/call.js";
import type { PictureReader, Thumbprint } from "../../ports/picture-reader.js";
import { throwIfAborted } from "../until-aborted.js";

/** Above this a decoder's memory is no longer small; panoramas of stitched frames reach 200 megapixels. */
const MOST_PIXELS = 500_000_000;

/** Cells of the finer grid on each side of a cell of the grid. */
const FINER = 4;
const FINE_SIZE = GRID_SIZE * FINER;

/**
 * The grid as means of a finer one. Shrinking straight to the grid would leave the traces of where each decoder's
 * reduced sizes fall: up to 15 levels between two sizes of one picture, where means differ by 3.
 */
function cellMeans(fine: Uint8Array): Uint8Array {
  const means = new Uint8Array(GRID_SIZE * GRID_SIZE * 3);
  for (let at = 0; at < means.length; at += 1) {
    const [cell, channel] = [Math.floor(at / 3), at % 3];
    const [top, left] = [Math.floor(cell / GRID_SIZE) * FINER, (cell % GRID_SIZE) * FINER];
    let sum = 0;
    for (let part = 0; part < FINER * FINER; part += 1) {
      sum += fine[3 * ((top + Math.floor(part / FINER)) * FINE_SIZE + left + (part % FINER)) + channel] ?? 0;
    }
    means[at] = Math.round(sum / (FINER * FINER));
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
    path: string,
    call: Call,
  ): Promise<Thumbprint | { readonly kind: "unreadable"; readonly reason: string }> {
    throwIfAborted(call);
    try {
      const picture = sharp(path, { limitInputPixels: MOST_PIXELS, failOn: "error", sequentialRead: true });
      const { autoOrient } = await picture.metadata();
      const rgb = await picture
        .autoOrient()
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb")
        .resize(FINE_SIZE, FINE_SIZE, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false })
        .removeAlpha()
        .raw()
        .toBuffer();
      throwIfAborted(call);
      return { kind: "seen", rgb: cellMeans(rgb), width: autoOrient.width, height: autoOrient.height };
    } catch (error) {
      throwIfAborted(call);
      return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

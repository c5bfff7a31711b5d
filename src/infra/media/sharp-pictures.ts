import sharp from "sharp";
import { GRID_SIZE } from "../../domain/perceptual-hash.js";
import type { Call } from "../../ports/call.js";
import type { PictureReader, Thumbprint } from "../../ports/picture-reader.js";
import { throwIfAborted } from "../until-aborted.js";

/** Above this a decoder's memory is no longer small; panoramas of stitched frames reach 200 megapixels. */
const MOST_PIXELS = 500_000_000;

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
        .resize(GRID_SIZE, GRID_SIZE, { fit: "fill", kernel: "lanczos2", fastShrinkOnLoad: false })
        .removeAlpha()
        .raw()
        .toBuffer();
      throwIfAborted(call);
      return { kind: "seen", rgb: new Uint8Array(rgb), width: autoOrient.width, height: autoOrient.height };
    } catch (error) {
      throwIfAborted(call);
      return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

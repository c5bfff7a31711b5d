import type { Call } from "./call.js";

/** A small picture in memory: three bytes a pixel (sRGB), row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Size in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

export interface PreviewWish {
  readonly mime_type: string;
  /** To what size the picture, upright of the given size, is to be brought; it is stretched to it. */
  sizeFor(upright: PixelSize): PixelSize;
}

/** Why a picture cannot be shown, in words. */
export interface Unseen {
  readonly kind: "unseen";
  readonly reason: string;
}

/**
 * Makes small pictures for looking at: upright as EXIF's orientation says, transparency on white, in sRGB. Where the
 * format cannot be decoded (HEIC, RAW) it takes the JPEG that such files carry for this; one that has none, a video
 * and broken bytes are `unseen`. Throws only `cancelled`.
 */
export interface PreviewDecoder {
  /** The pixels; of at most `mostColours` different colours where that is given. */
  pixels(
    bytes: Uint8Array,
    wish: PreviewWish & { readonly mostColours?: number },
    call: Call,
  ): Promise<{ readonly kind: "seen"; readonly pixels: Pixels } | Unseen>;
  /** The picture as a file of that format. */
  encoded(
    bytes: Uint8Array,
    wish: PreviewWish & { readonly format: "png" | "jpeg" },
    call: Call,
  ): Promise<{ readonly kind: "seen"; readonly size: PixelSize; readonly bytes: Uint8Array } | Unseen>;
}

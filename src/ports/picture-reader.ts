import type { Call } from "./call.js";

/** What a picture looks like, shrunk. */
export interface Thumbprint {
  readonly kind: "seen";
  /** 64 × 64 pixels of three bytes (sRGB), row by row, upright as EXIF's orientation says, stretched to the square. */
  readonly rgb: Uint8Array;
  /** The same, finer and without colour: 128 × 128 luminances, one byte each. */
  readonly fine: Uint8Array;
  /** Of the whole picture, upright, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Reads how pictures look. Nothing else in the program decodes pixels to compare them. */
export interface PictureReader {
  /**
   * The picture in a file, by its path, or in bytes held whole. The same bytes give the same pixels. `unreadable` where the format cannot be decoded (HEIC,
   * RAW) or the bytes are broken, with the reason: one bad picture stops nothing. Throws only `cancelled`.
   */
  look(
    picture: string | Uint8Array,
    call: Call,
  ): Promise<Thumbprint | { readonly kind: "unreadable"; readonly reason: string }>;
}

import type { Sharp } from "sharp";
import type { Call } from "../../ports/call.js";
import type { PixelSize, Pixels, PreviewDecoder, PreviewWish, Unseen } from "../../ports/preview-decoder.js";
import { throwIfAborted } from "../until-aborted.js";
import { bufferReader } from "./byte-reader.js";
import { embeddedPreview } from "./embedded-preview.js";

/** As for comparing pictures: beyond this a decoder's memory is no longer small. */
const MOST_PIXELS = 500_000_000;
const JPEG_QUALITY = 85;

/** What libvips, as sharp brings it, decodes by itself. */
const DECODABLE = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/avif"]);

const unseen = (reason: string): Unseen => ({ kind: "unseen", reason });

interface Opened {
  readonly kind: "opened";
  readonly picture: Sharp;
  readonly upright: PixelSize;
}

/** Sharp is loaded when the first picture is wanted: it takes longer than all else together. */
const loadSharp = async () => (await import("sharp")).default;

async function open(bytes: Uint8Array, { mime_type }: PreviewWish): Promise<Opened | Unseen> {
  if (mime_type.startsWith("video/")) return unseen("a video");
  const sharp = await loadSharp();
  const settings = { limitInputPixels: MOST_PIXELS, failOn: "error", sequentialRead: true } as const;
  if (DECODABLE.has(mime_type)) {
    const picture = sharp(bytes, settings);
    const { autoOrient } = await picture.metadata();
    return { kind: "opened", picture: picture.autoOrient(), upright: autoOrient };
  }
  const embedded = await embeddedPreview(bufferReader(bytes));
  if (embedded === null) return unseen(`${mime_type} without a preview inside`);
  const picture = sharp(embedded.jpeg, settings);
  const { autoOrient, width, height, orientation: own } = await picture.metadata();
  const orientation = own ?? embedded.orientation;
  if (own !== undefined || orientation === null) {
    return { kind: "opened", picture: picture.autoOrient(), upright: autoOrient };
  }
  const { isMirrored, turn } = turning(orientation);
  const upright = turn % 180 === 0 ? { width, height } : { width: height, height: width };
  return { kind: "opened", picture: picture.flop(isMirrored).rotate(turn), upright };
}

/** What makes a picture of this EXIF orientation upright: a mirror from left to right, then a turn clockwise by degrees. */
function turning(orientation: number): { readonly isMirrored: boolean; readonly turn: number } {
  const turn = [0, 0, 180, 180, 270, 90, 90, 270][orientation - 1] ?? 0;
  return { isMirrored: [2, 4, 5, 7].includes(orientation), turn };
}

/** Previews through sharp (libvips): JPEGs are decoded at a fraction of their size where that is enough. */
export class SharpPreviews implements PreviewDecoder {
  /** Loads what decoding takes, ahead of the first picture. Never rejects: what is wrong is told by that picture. */
  async warm(): Promise<void> {
    await loadSharp().catch(() => undefined);
  }

  pixels(
    bytes: Uint8Array,
    wish: PreviewWish & { readonly mostColours?: number },
    call: Call,
  ): Promise<{ readonly kind: "seen"; readonly pixels: Pixels } | Unseen> {
    return this.#made(bytes, wish, call, async (small, size) => {
      if (wish.mostColours === undefined)
        return { kind: "seen", pixels: { ...size, rgb: await rgbOf(small) } };
      // The quickest way to choose colours takes an eighth of the usual one's time; dithering doubles what has to be sent.
      const palette = { palette: true, colours: wish.mostColours, effort: 1, dither: 0, compressionLevel: 0 };
      const reduced = await small.png(palette).toBuffer();
      const sharp = await loadSharp();
      return { kind: "seen", pixels: { ...size, rgb: await rgbOf(sharp(reduced)) } };
    });
  }

  encoded(
    bytes: Uint8Array,
    wish: PreviewWish & { readonly format: "png" | "jpeg" },
    call: Call,
  ): Promise<{ readonly kind: "seen"; readonly size: PixelSize; readonly bytes: Uint8Array } | Unseen> {
    return this.#made(bytes, wish, call, async (small, size) => {
      const file =
        wish.format === "png" ? small.png({ compressionLevel: 1 }) : small.jpeg({ quality: JPEG_QUALITY });
      return { kind: "seen", size, bytes: await file.toBuffer() };
    });
  }

  async #made<Made>(
    bytes: Uint8Array,
    wish: PreviewWish,
    call: Call,
    make: (small: Sharp, size: PixelSize) => Promise<Made>,
  ): Promise<Made | Unseen> {
    throwIfAborted(call);
    try {
      const opened = await open(bytes, wish);
      if (opened.kind === "unseen") return opened;
      const size = wish.sizeFor(opened.upright);
      const small = opened.picture
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb")
        .resize(size.width, size.height, { fit: "fill" });
      const made = await make(small, size);
      throwIfAborted(call);
      return made;
    } catch (error) {
      throwIfAborted(call);
      return unseen(error instanceof Error ? firstLine(error.message) : String(error));
    }
  }
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

const rgbOf = (picture: Sharp): Promise<Uint8Array> => picture.removeAlpha().raw().toBuffer();

import sharp, { type Sharp } from "sharp";

/** Ways in which a picture comes back from services and editors. */
export type Change =
  | { readonly kind: "rendition"; readonly quality: number; readonly longSide: number }
  | { readonly kind: "crop"; readonly part: number }
  | { readonly kind: "turn"; readonly degrees: 90 | 180 | 270 }
  | { readonly kind: "colour"; readonly how: "grey" | "warm" | "bright" };

/** True for what only re-encodes and resizes: the picture stays the same. */
export const isRendition = (change: Change): boolean => change.kind === "rendition";

/** Writes the changed picture as JPEG without any metadata and gives its upright size. */
export async function writeVariant(
  from: string,
  to: string,
  change: Change,
): Promise<{ readonly width: number; readonly height: number; readonly bytes: number }> {
  const upright = sharp(from).autoOrient().flatten({ background: "#ffffff" });
  const { autoOrient } = await sharp(from).metadata();
  const out = await edited(upright, autoOrient, change)
    .jpeg({ quality: change.kind === "rendition" ? change.quality : 90 })
    .toFile(to);
  return { width: out.width, height: out.height, bytes: out.size };
}

function edited(
  picture: Sharp,
  { width, height }: { readonly width: number; readonly height: number },
  change: Change,
): Sharp {
  switch (change.kind) {
    case "rendition":
      // No service makes a picture larger than it came.
      return picture.resize(change.longSide, change.longSide, { fit: "inside", withoutEnlargement: true });
    case "crop": {
      const [w, h] = [Math.floor(width * change.part), Math.floor(height * change.part)];
      const [left, top] = [Math.floor((width - w) / 3), Math.floor((height - h) / 2)];
      return picture.extract({ left, top, width: w, height: h });
    }
    case "turn":
      return picture.rotate(change.degrees);
    case "colour":
      if (change.how === "grey") return picture.grayscale();
      return change.how === "warm"
        ? picture.recomb([
            [1.15, 0, 0],
            [0, 1.02, 0],
            [0, 0, 0.8],
          ])
        : picture.modulate({ brightness: 1.18, saturation: 1.2 });
  }
}

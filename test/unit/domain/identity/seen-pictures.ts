import type { Appearance } from "../../../../src/domain/identity/appearance.js";
import { FINE_SIZE, luminancesOf, type Sketch, sketchOf } from "../../../../src/domain/identity/sketch.js";
import { type Random, randomFrom } from "../../../power-loss/random.js";

/** A 64 × 64 picture of soft blobs, as RGB: the same seed gives the same one; `change` is applied to each level. */
export function blobs(
  seed: number,
  change: (level: number, x: number, y: number) => number = (level) => level,
) {
  const random: Random = randomFrom(seed);
  const drawn = Array.from({ length: 60 }, () => ({
    x: random() * 64,
    y: random() * 64,
    r: 2 + random() * 9,
    levels: [random(), random(), random()].map((part) => (part - 0.5) * 220),
  }));
  const rgb = new Uint8Array(64 * 64 * 3);
  rgb.forEach((_, at) => {
    const [cell, channel] = [Math.floor(at / 3), at % 3];
    const [x, y] = [cell % 64, Math.floor(cell / 64)];
    const level = drawn.reduce(
      (sum, blob) =>
        sum + (blob.levels[channel] ?? 0) * Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / blob.r ** 2),
      128,
    );
    rgb[at] = Math.max(0, Math.min(255, Math.round(change(level, x, y))));
  });
  return rgb;
}

export const sketched = (seed: number, change?: (level: number, x: number, y: number) => number): Sketch =>
  sketchFrom(blobs(seed, change));

/** The sketch of 64 × 64 pixels; `print` changes what only the finer grid shows. */
export function sketchFrom(
  rgb: Uint8Array,
  print: (level: number, x: number, y: number) => number = (level) => level,
): Sketch {
  const levels = luminancesOf(rgb);
  const fine = Uint8Array.from({ length: FINE_SIZE * FINE_SIZE }, (_, at) => {
    const [x, y] = [at % FINE_SIZE, Math.floor(at / FINE_SIZE)];
    return print(levels[64 * (y >> 1) + (x >> 1)] ?? 0, x, y);
  });
  return sketchOf({ rgb, fine });
}

/** A picture of the owner's camera, with what the case is about laid over it. */
export const appearance = (over: Partial<Appearance> & { readonly id: string }): Appearance => ({
  kind: "image",
  marks: [],
  sources: ["folder"],
  filename: "IMG_1234.JPG",
  takenDate: "2023-05-01T10:20:30",
  width: 4000,
  height: 3000,
  ...over,
});

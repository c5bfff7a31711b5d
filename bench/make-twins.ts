import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const SIDE = { long: 3000, short: 2250 } as const;
/** Shapes are drawn small and enlarged: drawing them at full size took a second a picture. */
const DRAWN = { long: 600, short: 450 } as const;

/** A picture that looks like no other: a few soft shapes, drawn by number. */
const drawn = (number: number): Buffer => {
  let state = (number + 1) * 2_654_435_761;
  const below = (most: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % most;
  };
  const shapes = Array.from(
    { length: 30 },
    () =>
      `<ellipse cx="${below(300)}" cy="${below(225)}" rx="${10 + below(60)}" ry="${10 + below(50)}" fill="rgb(${below(256)},${below(256)},${below(256)})" opacity="0.7"/>`,
  );
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 225" width="${DRAWN.long}" height="${DRAWN.short}"><rect width="300" height="225" fill="#667"/>${shapes.join("")}</svg>`,
  );
};

const name = (number: number): string => `IMG_${String(1000 + number)}.JPG`;

/**
 * Writes `count` pictures of 7 megapixels into `camera`, and each again at 1600 pixels into `copies`: there with EXIF and name kept, and into
 * `strangers` without either, so that nothing but their looks tells what they are.
 */
export async function writeTwins(folder: string, count: number): Promise<void> {
  for (const part of ["camera", "copies", "strangers"]) await mkdir(join(folder, part), { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const taken = new Date(Date.UTC(2022, 0, 1, 8) + number * 4_003_000).toISOString().slice(0, 19);
    const exif = {
      IFD0: { Make: "Example", Model: "Phone 5 Pro" },
      IFD2: { DateTimeOriginal: taken.replaceAll("-", ":").replace("T", " "), SubSecTimeOriginal: "37" },
    };
    const original = join(folder, "camera", name(number));
    await sharp(drawn(number))
      .resize(SIDE.long, SIDE.short)
      .jpeg({ quality: 92 })
      .withExif(exif)
      .toFile(original);
    const small = () => sharp(original).resize(1600).jpeg({ quality: 75 });
    await small()
      .withExif(exif)
      .toFile(join(folder, "copies", name(number)));
    await small().toFile(join(folder, "strangers", `image (${number}).jpg`));
  }
}

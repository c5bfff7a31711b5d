import sharp, { type Sharp } from "sharp";
import { below, type Random, randomFrom } from "../power-loss/random.js";

/** Pixels of the sensor that every scene is photographed with; a portrait turns them. */
export const SENSOR = { long: 2400, short: 1800 } as const;
/** The scene is painted larger than the frame, so that the camera can move. */
const MARGIN = 0.12;

/** How one exposure of a scene differs from the first. All zero: the very same moment. */
export interface Exposure {
  /** Of the frame's width and height: how far the camera moved. */
  readonly dx?: number;
  readonly dy?: number;
  /** Of the frame's width: how far what moves in the picture moved. */
  readonly subject?: number;
  /** Stops brighter or darker. */
  readonly stops?: number;
  /** The sensor's noise: another number is another exposure. */
  readonly noise?: number;
  /** Of the scene: a longer lens shows less. */
  readonly zoom?: number;
}

const hex = (random: Random) => `rgb(${below(random, 256)},${below(random, 256)},${below(random, 256)})`;

/** A smooth field of colours: sky, ground, walls. */
function field(random: Random, columns: number, rows: number, swing: number): Buffer {
  const base = [below(random, 160) + 40, below(random, 160) + 40, below(random, 160) + 40];
  const pixels = Array.from({ length: columns * rows * 3 }, (_, index) =>
    Math.max(0, Math.min(255, (base[index % 3] ?? 128) + Math.round((random() - 0.5) * swing))),
  );
  return Buffer.from(pixels);
}

function shapes(random: Random, width: number, height: number, moved: number): string {
  const still = 14 + below(random, 14);
  const drawn = Array.from({ length: still + 3 }, (_, index) => {
    const shift = index >= still ? moved * width : 0;
    const [x, y] = [random() * width + shift, random() * height];
    const [w, h] = [(0.02 + random() * 0.22) * width, (0.02 + random() * 0.25) * height];
    const look = `fill="${hex(random)}" fill-opacity="${(0.5 + random() / 2).toFixed(2)}"`;
    switch (below(random, 3)) {
      case 0:
        return `<ellipse cx="${x}" cy="${y}" rx="${w / 2}" ry="${h / 2}" ${look}/>`;
      case 1:
        return `<rect x="${x}" y="${y}" width="${w}" height="${h}" transform="rotate(${below(random, 90)} ${x} ${y})" ${look}/>`;
      default:
        return `<polygon points="${x},${y} ${x + w},${y + h / 3} ${x + w / 4},${y + h}" ${look}/>`;
    }
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join("")}</svg>`;
}

/** Fine grain around middle grey, for blending. */
function grain(random: Random, size: number, swing: number): Sharp {
  const pixels = Array.from({ length: size * size }, () => 128 + Math.round((random() - 0.5) * swing));
  return sharp(Buffer.from(pixels), { raw: { width: size, height: size, channels: 1 } });
}

/** One exposure of a scene as pixels: the same seed and exposure give the same picture. */
export async function photograph(seed: number, portrait: boolean, exposure: Exposure = {}): Promise<Sharp> {
  const random = randomFrom(seed);
  const [width, height] = portrait ? [SENSOR.short, SENSOR.long] : [SENSOR.long, SENSOR.short];
  const [wide, high] = [Math.round(width * (1 + MARGIN)), Math.round(height * (1 + MARGIN))];
  const raw = (columns: number, rows: number) => ({
    raw: { width: columns, height: rows, channels: 3 as const },
  });
  const ground = sharp(field(random, 9, 7, 190), raw(9, 7)).resize(wide, high, {
    fit: "fill",
    kernel: "cubic",
  });
  const texture = await sharp(field(random, 120, 90, 130), raw(120, 90))
    .resize(wide, high, { fit: "fill", kernel: "cubic" })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const noise = await grain(randomFrom(seed * 977 + (exposure.noise ?? 0)), 256, 40)
    .png()
    .toBuffer();
  const drawing = Buffer.from(shapes(random, wide, high, exposure.subject ?? 0));
  const painted = await ground
    .composite([
      { input: texture, blend: "soft-light" },
      { input: drawing },
      { input: noise, tile: true, blend: "soft-light" },
    ])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const shown = 1 / (exposure.zoom ?? 1);
  const [w, h] = [Math.round(width * shown), Math.round(height * shown)];
  const [slackX, slackY] = [wide - w, high - h];
  const cut = sharp(painted.data, raw(painted.info.width, painted.info.height)).extract({
    left: Math.max(0, Math.min(slackX, Math.round(slackX / 2 + (exposure.dx ?? 0) * width))),
    top: Math.max(0, Math.min(slackY, Math.round(slackY / 2 + (exposure.dy ?? 0) * height))),
    width: w,
    height: h,
  });
  const framed =
    shown === 1 ? cut : sharp(await cut.png({ compressionLevel: 0 }).toBuffer()).resize(width, height);
  return exposure.stops === undefined ? framed : framed.linear(2 ** (exposure.stops / 2.2), 0);
}

import type { Pixels } from "../../ports/preview-decoder.js";

type Rgb = readonly [number, number, number];

const STEPS = [0, 95, 135, 175, 215, 255] as const;
const nearestStep = (level: number): number =>
  level < 48 ? 0 : level < 115 ? 1 : Math.floor((level - 35) / 40);

const distance = (a: Rgb, b: Rgb): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;

/**
 * The number of the nearest of the 256 colours that terminals agree on: 16 to 231 are a cube of six steps a channel, 232 to 255
 * are greys. The first 16 are left out, since every theme has its own.
 */
export function nearestOf256(colour: Rgb): number {
  const [red, green, blue] = [nearestStep(colour[0]), nearestStep(colour[1]), nearestStep(colour[2])];
  const inCube: Rgb = [STEPS[red] ?? 0, STEPS[green] ?? 0, STEPS[blue] ?? 0];
  const mean = (colour[0] + colour[1] + colour[2]) / 3;
  const grey = Math.max(0, Math.min(23, Math.round((mean - 8) / 10)));
  const level = 8 + 10 * grey;
  return distance(colour, [level, level, level]) < distance(colour, inCube)
    ? 232 + grey
    : 16 + 36 * red + 6 * green + blue;
}

const inTruecolour = ([red, green, blue]: Rgb): string => `2;${red};${green};${blue}`;
const in256 = (colour: Rgb): string => `5;${nearestOf256(colour)}`;

/**
 * A picture as lines of `▀`: the upper pixel is the character's colour, the lower one its background's. A line a pair of rows,
 * a character a pixel; an odd last row has no background. Each line ends with the colours taken back, and is plain text to
 * whatever lays it out.
 */
export function halfBlocks({ width, height, rgb }: Pixels, colours: "truecolour" | "256"): string[] {
  const code = colours === "truecolour" ? inTruecolour : in256;
  const pixel = (x: number, y: number): Rgb => {
    const at = 3 * (y * width + x);
    return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
  };
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = "";
    let [above, below] = ["", ""];
    for (let x = 0; x < width; x += 1) {
      const upper = code(pixel(x, y));
      const lower = y + 1 < height ? code(pixel(x, y + 1)) : "";
      if (upper !== above) line += `\u001b[38;${upper}m`;
      if (lower !== below) line += `\u001b[48;${lower}m`;
      line += "▀";
      [above, below] = [upper, lower];
    }
    lines.push(`${line}\u001b[39m\u001b[49m`);
  }
  return lines;
}

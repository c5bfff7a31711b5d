import type { Pixels } from "../../ports/preview-decoder.js";

const BAND_ROWS = 6;
/** Sixel data are characters from `?` (no pixel of the six) on. */
const FIRST_CODE = 63;
/** A terminal's registers; pictures come with no more colours than this. */
export const SIXEL_COLOURS = 256;
/** From here on a run is shorter as a count (`!4~`) than written out. */
const WORTH_COUNTING = 4;

const percent = (level: number): number => Math.round((level * 100) / 255);

/** The register of each pixel, and the registers' colours in the order of their first pixel. */
function registersOf({ rgb }: Pixels): { readonly at: Uint8Array; readonly colours: readonly number[] } {
  const known = new Map<number, number>();
  const at = new Uint8Array(rgb.length / 3);
  for (let pixel = 0; pixel < at.length; pixel += 1) {
    const from = 3 * pixel;
    const colour = ((rgb[from] ?? 0) << 16) | ((rgb[from + 1] ?? 0) << 8) | (rgb[from + 2] ?? 0);
    const register = known.get(colour) ?? Math.min(known.size, SIXEL_COLOURS - 1);
    known.set(colour, register);
    at[pixel] = register;
  }
  return { at, colours: [...known.keys()].slice(0, SIXEL_COLOURS) };
}

function runs(codes: Uint8Array): string {
  // What is behind the last pixel need not be said.
  let end = codes.length;
  while (end > 0 && codes[end - 1] === 0) end -= 1;
  let text = "";
  for (let from = 0, to = 0; from < end; from = to) {
    while (to < end && codes[to] === codes[from]) to += 1;
    const code = String.fromCharCode(FIRST_CODE + (codes[from] ?? 0));
    text += to - from < WORTH_COUNTING ? code.repeat(to - from) : `!${to - from}${code}`;
  }
  return text;
}

function band(at: Uint8Array, width: number, top: number, bottom: number): string {
  const rows = new Map<number, Uint8Array>();
  for (let y = top; y < bottom; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const register = at[y * width + x] ?? 0;
      const codes = rows.get(register) ?? new Uint8Array(width);
      rows.set(register, codes);
      codes[x] = (codes[x] ?? 0) | (1 << (y - top));
    }
  }
  return [...rows].map(([register, codes]) => `#${register}${runs(codes)}`).join("$");
}

/**
 * A picture as sixel graphics, drawn with its upper left corner at the cursor. It should have no more than `SIXEL_COLOURS`
 * colours: further ones are drawn as the last of them. Nothing is drawn beyond its pixels. Source: DEC STD 070, and the VT330/VT340
 * programmer reference, chapter 14.
 */
export function sixel(pixels: Pixels): string {
  const { width, height } = pixels;
  const { at, colours } = registersOf(pixels);
  const registers = colours.map(
    (colour, register) =>
      `#${register};2;${percent(colour >> 16)};${percent((colour >> 8) & 255)};${percent(colour & 255)}`,
  );
  const bands: string[] = [];
  for (let top = 0; top < height; top += BAND_ROWS) {
    bands.push(band(at, width, top, Math.min(top + BAND_ROWS, height)));
  }
  return `\u001bP0;1;0q"1;1;${width};${height}${registers.join("")}${bands.join("-")}\u001b\\`;
}

import { encode } from "uqr";

/** Light modules around the code that readers need. */
const QUIET = 2;

/** Larger ones do not fit on a terminal. */
const LARGEST_VERSION = 10;

/**
 * Which modules of the QR code of a text are dark, row by row; null for a text that is too long (more than 271 bytes). With the
 * least correction: a screen has no stains.
 */
export function qrCode(text: string): readonly (readonly boolean[])[] | null {
  try {
    const form = {
      ecc: "L",
      boostEcc: false,
      maskPattern: 0,
      border: 0,
      maxVersion: LARGEST_VERSION,
    } as const;
    return encode(text, form).data;
  } catch (error) {
    // Thrown for a text that no version up to the largest holds.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The QR code of a text as lines for a terminal, two rows of modules to a line, light on dark as well as dark on light: colours are set
 * by themselves. None for a text that is too long.
 */
export function qrLines(text: string): readonly string[] {
  const code = qrCode(text);
  if (code === null) return [];
  const isDark = (x: number, y: number): boolean => code[y]?.[x] === true;
  const lines: string[] = [];
  for (let y = -QUIET; y < code.length + QUIET; y += 2) {
    let line = "";
    for (let x = -QUIET; x < code.length + QUIET; x++) {
      const [upper, lower] = [isDark(x, y), isDark(x, y + 1)];
      line += upper ? (lower ? " " : "▄") : lower ? "▀" : "█";
    }
    // White on black whatever the terminal's own colours are.
    lines.push(`  \u001b[97;40m${line}\u001b[0m`);
  }
  return lines;
}

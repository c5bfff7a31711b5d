import { qrCode } from "./qr-code.js";

/** Light modules around the code that readers need. */
const QUIET = 2;

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

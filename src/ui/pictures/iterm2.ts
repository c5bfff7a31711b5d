import type { Box } from "./fit-box.js";

/**
 * A picture file (JPEG or PNG) drawn over so many cells from the cursor on, its aspect kept. Source: iTerm2's documentation, "Inline
 * Images Protocol"; WezTerm and mintty draw it too.
 */
export function iterm2(file: Uint8Array, { columns, rows }: Box): string {
  const settings = `inline=1;size=${file.length};width=${columns};height=${rows};preserveAspectRatio=1`;
  return `\u001b]1337;File=${settings}:${Buffer.from(file).toString("base64")}\u0007`;
}

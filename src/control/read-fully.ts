import { readSync } from "node:fs";

/**
 * Fills `bytes` from an open file, from `offset` on, and tells how many bytes there were: fewer than asked for only where the file ends. The
 * system may give fewer at a time and call that no error. Throws what `readSync` throws.
 */
export function readFully(file: number, bytes: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < bytes.byteLength) {
    const got = readSync(file, bytes, filled, bytes.byteLength - filled, offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

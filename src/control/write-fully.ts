import { writeSync } from "node:fs";

/**
 * Writes all of `bytes` to an open file, from `position` on or where the file stands. The system may take fewer bytes than it
 * is given and call that no error (a signal, a disk about to be full): what is left is handed to it again. Throws what
 * `write` throws, which is Node's own unless a test says otherwise.
 */
export function writeFully(
  file: number,
  bytes: Uint8Array,
  position: number | null = null,
  write: typeof writeSync = writeSync,
): void {
  for (let at = 0; at < bytes.byteLength; )
    at += write(file, bytes, at, bytes.byteLength - at, position === null ? null : position + at);
}

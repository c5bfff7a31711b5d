import { open } from "node:fs/promises";
import type { FileEdit } from "../src/ports/control-plane.js";

const READ_BYTES = 2 ** 22;
const NEWLINE = 0x0a;

/**
 * The files of a `git fast-import` stream, read as they are asked for: the very documents, in the very form, that Git is given.
 * Everything before the first `M` line is passed over.
 */
export async function* editsOfStream(file: string): AsyncIterable<FileEdit> {
  const handle = await open(file);
  try {
    let held = Buffer.alloc(0);
    let path: string | null = null;
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES);
      if (bytesRead === 0) return;
      held = Buffer.concat([held, buffer.subarray(0, bytesRead)]);
      let at = 0;
      for (;;) {
        const end = held.indexOf(NEWLINE, at);
        if (end < 0) break;
        const line = held.toString("utf8", at, end);
        if (path !== null && line.startsWith("data ")) {
          const size = Number(line.slice("data ".length));
          if (held.length < end + 1 + size) break;
          yield { path, bytes: Uint8Array.prototype.slice.call(held, end + 1, end + 1 + size) };
          path = null;
          at = end + 1 + size;
          continue;
        }
        if (line.startsWith("M 100644 inline ")) path = line.slice("M 100644 inline ".length);
        at = end + 1;
      }
      held = held.subarray(at);
    }
  } finally {
    await handle.close();
  }
}

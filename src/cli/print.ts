import type { Writable } from "node:stream";
import { PhotosyncError } from "../domain/errors.js";

/** Pieces are gathered up to this length before they are written. */
const WRITE_CHARS = 64 * 1024;

const readerLeft = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");

async function write(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Writes all pieces, no faster than the reader takes them. A reader that has left (`| head`) is no failure: the rest
 * is dropped. Throws `output.not-written` (user) in any other case, say a full disk behind a redirection.
 */
export async function print(stream: Writable, pieces: Iterable<string>): Promise<void> {
  let gathered = "";
  try {
    for (const piece of pieces) {
      gathered += piece;
      if (gathered.length < WRITE_CHARS) continue;
      await write(stream, gathered);
      gathered = "";
    }
    if (gathered !== "") await write(stream, gathered);
  } catch (error) {
    if (readerLeft(error)) return;
    throw new PhotosyncError({
      kind: "user",
      code: "output.not-written",
      message: `The result could not be written out: ${error instanceof Error ? error.message : String(error)}`,
      next: ["What the command did is done and recorded. Send its output somewhere that has room."],
      cause: error,
    });
  }
}

/** Waits until the stream has handed on all that it took; for the moment before the process ends. */
export async function flushed(stream: Writable): Promise<void> {
  if (!stream.destroyed && stream.writable) await write(stream, "").catch(() => {});
}

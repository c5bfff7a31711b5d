import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";
import { readAt } from "./file-bytes.js";

/** A directory is read in pieces of some 50 bytes, in order: this many bytes at once spare most of the system calls. */
const WINDOW_BYTES = 256 * 1024;

/**
 * Lets yauzl read an open file. Its own reader hands whatever offset a hostile archive names to Node, which throws on
 * some of them where nobody can catch it (yauzl 3.4.0); here every read outside the file is an ordinary error.
 */
export class HandleReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  #window: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytesAt(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(bytes.length < length ? new Error("the archive ends before that") : null);
      },
      (cause: unknown) => callback(cause instanceof Error ? cause : new Error(String(cause))),
    );
  }

  async #bytesAt(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#window;
    const from = position - start;
    if (from >= 0 && from + length <= bytes.length) return bytes.subarray(from, from + length);
    const read = await readAt(this.#handle, position, Math.max(length, WINDOW_BYTES));
    this.#window = { start: position, bytes: read };
    return read.subarray(0, length);
  }

  override _readStreamForRange(): Readable {
    throw new Error("entries are read by zipBytes");
  }
}

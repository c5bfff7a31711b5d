import { constants, fstatSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Large enough to keep a spinning disk or a network share busy, small enough for many streams at once. */
const CHUNK_BYTES = 1024 * 1024;
/** What is no larger is read at once, which spares system calls and copies: most pictures are. */
const AT_ONCE_BYTES = 8 * CHUNK_BYTES;

/** True for a stretch so short that it is read at once. */
export const isAtOnce = (lengthBytes: number): boolean => lengthBytes <= AT_ONCE_BYTES;

/** In chunks of how many bytes to read a stretch of so many. */
export const chunkBytesFor = (lengthBytes: number): number =>
  isAtOnce(lengthBytes) ? Math.max(1, lengthBytes) : CHUNK_BYTES;

/** What tells whether a file is still the one that was listed. */
export interface FileIdentity {
  readonly sizeBytes: number;
  /** Ms since 1970 with a fraction, exact to a quarter of a microsecond. */
  readonly mtimeMs: number;
}

/** Opens a file for reading without waiting for a writer, should a FIFO have taken its place. Errors are Node's own. */
export const openForReading = (path: string): Promise<FileHandle> =>
  // Windows has neither FIFOs in folders nor the flag.
  open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));

/** Size and time of an open file. Synchronous: the file is open, and the way through the thread pool is ten times as long. */
export function identityOf(handle: FileHandle): FileIdentity & { readonly regular: boolean } {
  const stats = fstatSync(handle.fd);
  return { sizeBytes: stats.size, mtimeMs: stats.mtimeMs, regular: stats.isFile() };
}

/**
 * The bytes of an open file from `start` up to `end`, or up to where it ends if that comes first, in chunks of at most
 * `chunkBytes` (1 MiB unless told). The handle stays open. Errors are Node's own.
 */
export async function* fileRange(
  handle: FileHandle,
  start: number,
  end: number,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  let position = start;
  while (position < end) {
    const length = Math.min(chunkBytes, end - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Up to `length` bytes at `position`; fewer only where the file ends. Any number may be asked for: archives can lie. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position + length) || position < 0) return Buffer.alloc(0);
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

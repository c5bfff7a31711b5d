import type { FileHandle } from "node:fs/promises";
import { PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import type { BufferPool } from "../infra/buffer-pool.js";
import { digestWhole } from "../infra/digest-whole.js";
import { hashStream } from "../infra/hash.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import { close, type Disk, diskError, failed, isErrno } from "./disk.js";

const CHUNK_BYTES = 1024 * 1024;
/** Up to this size a blob is held whole while it is proven; of bigger ones only a chunk. */
export const WHOLE_BYTES = 8 * 1024 * 1024;

/** A file opened for reading, or why there is none: nothing has that name, or something that is no plain file. */
export type Opened = { readonly handle: FileHandle; readonly sizeBytes: number } | "absent" | "foreign";

/** Opens a plain file, never what a link points to. Its handle is the caller's to close. */
export async function openPlain(disk: Disk, path: string): Promise<Opened> {
  try {
    const stats = await disk.lstat(path);
    if (!stats.isFile()) return "foreign";
    return { handle: await disk.open(path, "r"), sizeBytes: stats.size };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return "absent";
    throw diskError(error, path, "open");
  }
}

/**
 * The bytes of an open file from offset `first` up to, not including, `end`, or to where the file ends; as many as fit are read
 * straight into `into`.
 */
export async function* bytesOf(
  handle: FileHandle,
  path: string,
  first: number,
  end: number,
  into: Uint8Array = new Uint8Array(0),
): AsyncGenerator<Uint8Array> {
  for (let offset = first; offset < end; ) {
    const room = into.subarray(offset - first);
    const wanted = Math.min(room.length > 0 ? room.length : CHUNK_BYTES, end - offset);
    const { bytesRead, buffer } = await handle
      .read(room.length > 0 ? room : Buffer.allocUnsafe(wanted), 0, wanted, offset)
      .catch(failed(path, "read"));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    offset += bytesRead;
  }
}

/** Fills the buffer from the file's start; tells how many bytes there were. */
export async function fill(handle: FileHandle, path: string, buffer: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle
      .read(buffer, filled, buffer.length - filled, filled)
      .catch(failed(path, "read"));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/**
 * The hash of the first `sizeBytes` of an open file, or of all of it when it is shorter, read now. A small file is hashed
 * whole, beside the main thread, in a buffer of `buffers`. Throws as `diskError` says, and `cancelled`.
 */
export async function hashOfFile(
  handle: FileHandle,
  path: string,
  sizeBytes: number,
  buffers: BufferPool,
  call: Call,
): Promise<ContentHash> {
  if (sizeBytes > WHOLE_BYTES) return (await hashStream(bytesOf(handle, path, 0, sizeBytes), call)).hash;
  return buffers.lend(sizeBytes, async (buffer) => {
    throwIfAborted(call);
    return digestWhole(buffer.subarray(0, await fill(handle, path, buffer)));
  });
}

/** What stands under a name: nothing, the right bytes (read just now), or anything else, also what cannot be read to its end. */
export async function judge(
  disk: Disk,
  path: string,
  expected: { readonly hash: ContentHash; readonly sizeBytes: number },
  buffers: BufferPool,
  call: Call,
): Promise<"absent" | "right" | "wrong"> {
  const opened = await openPlain(disk, path);
  if (opened === "absent") return "absent";
  if (opened === "foreign") return "wrong";
  try {
    if (opened.sizeBytes !== expected.sizeBytes) return "wrong";
    const hash = await hashOfFile(opened.handle, path, opened.sizeBytes, buffers, call);
    return hash === expected.hash ? "right" : "wrong";
  } catch (error) {
    if (error instanceof PhotosyncError && error.code === "file.io-error") return "wrong";
    throw error;
  } finally {
    await close(opened.handle);
  }
}

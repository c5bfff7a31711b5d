import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import type { BufferPool } from "../infra/buffer-pool.js";
import { digestWhole } from "../infra/digest-whole.js";
import { hashStream } from "../infra/hash.js";
import { throwIfAborted, untilAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import { fill, hashOfFile, WHOLE_BYTES } from "./blob-file.js";
import { close, type Disk, failed, writeAll } from "./disk.js";
import { tempName } from "./temp-name.js";

/** A whole file under a temporary name: on the disk, read back, and equal to its hash. */
export interface Written {
  readonly path: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

export interface TempOptions {
  readonly mode: number;
  readonly buffers: BufferPool;
  /** The stream's size where it is known: a small one is then held whole and written at once. */
  readonly sizeBytes?: number;
  /** Makes the error for a stream of more bytes than `sizeBytes`, which ends the writing: it may be endless. */
  readonly tooLong?: () => Error;
}

/**
 * Writes a stream to a new temporary file in `folder`, makes it durable, and reads it back. The reading may be answered by
 * the operating system's cache: it proves what was handed over, and `verify --deep` later what the disk kept.
 * Throws `store.unreliable` (integrity) when other bytes come back. Whatever goes wrong, the file is gone afterwards.
 */
export async function writeTemp(
  disk: Disk,
  folder: string,
  chunks: AsyncIterable<Uint8Array>,
  options: TempOptions,
  call: Call,
): Promise<Written> {
  const path = join(folder, tempName());
  try {
    const handle = await disk.open(path, "wx+", 0o644).catch(failed(path, "write"));
    try {
      const { sizeBytes = Number.POSITIVE_INFINITY } = options;
      const write = sizeBytes <= WHOLE_BYTES ? writeWhole : writeStream;
      return { path, ...(await write(handle, path, chunks, { ...options, sizeBytes }, call)) };
    } finally {
      await close(handle);
    }
  } catch (error) {
    await discard(disk, path);
    throw error;
  }
}

type Sized = TempOptions & { readonly sizeBytes: number };
type Write = (
  handle: FileHandle,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: Sized,
  call: Call,
) => Promise<Omit<Written, "path">>;

const tooLong = (options: Sized): Error =>
  options.tooLong?.() ?? new RangeError("more bytes than were announced");

/** What comes back is compared with what was given byte by byte, so that one hash, beside the main thread, speaks of both. */
const writeWhole: Write = (handle, path, chunks, options, call) =>
  options.buffers.lend(2 * options.sizeBytes, async (buffer) => {
    const room = buffer.subarray(0, options.sizeBytes);
    let sizeBytes = 0;
    for await (const chunk of untilAborted(chunks, call)) {
      if (sizeBytes + chunk.length > room.length) throw tooLong(options);
      room.set(chunk, sizeBytes);
      sizeBytes += chunk.length;
    }
    const given = room.subarray(0, sizeBytes);
    await writeAll(handle, given).catch(failed(path, "write"));
    await makeDurable(handle, path, options.mode);
    throwIfAborted(call);
    const [hash, back] = await Promise.all([
      digestWhole(given),
      fill(handle, path, buffer.subarray(room.length)),
    ]);
    const returned = buffer.subarray(room.length, room.length + back);
    if (Buffer.compare(given, returned) !== 0) throw unreliable(path);
    return { hash, sizeBytes };
  });

const writeStream: Write = async (handle, path, chunks, options, call) => {
  let sizeBytes = 0;
  const given = await hashStream(chunks, call, async (chunk) => {
    sizeBytes += chunk.length;
    if (sizeBytes > options.sizeBytes) throw tooLong(options);
    await writeAll(handle, chunk).catch(failed(path, "write"));
  });
  await makeDurable(handle, path, options.mode);
  const returned = await hashOfFile(handle, path, given.sizeBytes, options.buffers, call);
  if (returned !== given.hash) throw unreliable(path);
  return given;
};

/** Gives an open file its mode and makes its bytes survive a power cut. */
export async function makeDurable(handle: FileHandle, path: string, mode: number): Promise<void> {
  // FAT and some network shares know no modes; the blob is as safe without.
  await handle.chmod(mode).catch(() => {});
  await handle.sync().catch(failed(path, "write"));
}

const unreliable = (path: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `${dirname(path)} gave back other bytes than were written to it; nothing was kept.`,
    next: ["Check this disk and the computer's memory before storing anything on it."],
  });

/** Removes a temporary file, if it can: one that stays is swept later, and must not hide what went wrong before. */
export const discard = (disk: Disk, path: string): Promise<void> => disk.unlink(path).catch(() => {});

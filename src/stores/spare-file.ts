import type { BufferPool } from "../infra/buffer-pool.js";
import type { BlobSource } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import { hashOfFile } from "./blob-file.js";
import { close, type Disk } from "./disk.js";
import { makeDurable } from "./temp-file.js";

/** Windows syncs only what is open for writing; elsewhere a file that was made read-only before can be opened as well. */
const SYNCABLE = process.platform === "win32" ? "r+" : "r";

/**
 * Proves a blob's spare file where it lies and makes its bytes durable, so that it only needs another name: it may be
 * linked into `folder`, and until then it is still there, whenever the run is killed. Null when there is none, its bytes
 * are wrong (they are left alone), or it cannot become the blob: no plain file, one that has other names as well, on
 * another disk, or in any trouble, which shows again when its bytes are copied.
 */
export async function proveSpare(
  disk: Disk,
  folder: string,
  blob: BlobSource,
  options: { readonly mode: number; readonly buffers: BufferPool },
  call: Call,
): Promise<string | null> {
  const { spareFile, sizeBytes } = blob;
  if (spareFile === undefined) return null;
  try {
    const [found, place] = await Promise.all([disk.lstat(spareFile), disk.lstat(folder)]);
    if (!found.isFile() || found.nlink !== 1 || found.size !== sizeBytes || found.dev !== place.dev)
      return null;
    const handle = await disk.open(spareFile, SYNCABLE);
    try {
      await makeDurable(handle, spareFile, options.mode);
      const hash = await hashOfFile(handle, spareFile, sizeBytes, options.buffers, call);
      return hash === blob.hash ? spareFile : null;
    } finally {
      await close(handle);
    }
  } catch (error) {
    if (call.signal.aborted) throw error;
    return null;
  }
}

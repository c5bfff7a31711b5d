import { constants, type FileHandle, open } from "node:fs/promises";
import { endianness } from "node:os";
import { closeRead } from "../infra/close-read.js";

/**
 * The two meta pages at the beginning of an LMDB file (`MDB_meta` in LMDB's `mdb.c`, data version 2 as lmdb-js builds
 * it): a page header of 24 bytes, then magic, version, address, map size, two tables of 48 bytes, and the number of the
 * last page. The first field of the first table is the size of a page.
 */
const META = { magic: 24, version: 28, pageSize: 48, lastPage: 144, end: 160 } as const;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const LITTLE = endianness() === "LE";

const uint32 = (view: DataView, at: number): number => view.getUint32(at, LITTLE);

/** The least number of bytes that a file with this meta page has, or null where it is no meta page. */
async function sizeByMeta(file: FileHandle, at: number): Promise<{ pageSize: number; bytes: number } | null> {
  const page = new Uint8Array(META.end);
  const { bytesRead } = await file.read(page, 0, META.end, at);
  if (bytesRead < META.end) return null;
  const view = new DataView(page.buffer);
  if (uint32(view, META.magic) !== MAGIC || (uint32(view, META.version) & 0xffff) !== DATA_VERSION)
    return null;
  const pageSize = uint32(view, META.pageSize);
  const lastPage = Number(view.getBigUint64(META.lastPage, LITTLE));
  return { pageSize, bytes: (lastPage + 1) * pageSize };
}

/** How many bytes both meta pages of a file count; null where one of them is none. */
async function countedBytes(file: FileHandle): Promise<number | null> {
  const first = await sizeByMeta(file, 0);
  if (first === null) return null;
  const second = await sizeByMeta(file, first.pageSize);
  return second === null ? null : Math.max(first.bytes, second.bytes);
}

/**
 * True when an LMDB file can be opened: missing, empty, or with both meta pages and all the pages that they count. LMDB
 * maps the file into memory and believes it, so that a file cut off or overwritten ends the whole process with a signal.
 */
export async function isSoundIndexFile(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return true;
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const counted = await countedBytes(file);
    return counted !== null && size >= counted;
  } catch {
    return false;
  } finally {
    await closeRead(file);
  }
}

const FILL_BYTES = 1024 ** 2;

/**
 * Makes an LMDB file as long as its meta pages say. LMDB never writes pages that it took and gave back in one transaction, so that a file which is
 * whole may end before the last page it counts; `isSoundIndexFile` could not tell it from one that was cut off. Only appends: another process
 * may be writing the pages meanwhile. Failures are not told, for all that is lost is the time of making the index anew.
 */
export async function completeIndexFile(path: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND).catch(() => null);
  if (file === null) return;
  try {
    const counted = await countedBytes(file);
    if (counted === null) return;
    for (;;) {
      const missing = counted - (await file.stat()).size;
      if (missing <= 0) return;
      await file.write(new Uint8Array(Math.min(missing, FILL_BYTES)));
    }
  } catch {
    return;
  } finally {
    await closeRead(file);
  }
}

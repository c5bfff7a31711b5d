import { type FileHandle, open } from "node:fs/promises";
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
    const first = await sizeByMeta(file, 0);
    if (first === null) return false;
    const second = await sizeByMeta(file, first.pageSize);
    return second !== null && size >= Math.max(first.bytes, second.bytes);
  } catch {
    return false;
  } finally {
    await closeRead(file);
  }
}

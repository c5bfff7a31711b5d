import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import { hashStream } from "../infra/hash.js";
import type { Call } from "../ports/call.js";
import { judge } from "./blob-file.js";
import { close, type Disk, failed, isErrno, writeAll } from "./disk.js";

const NAME = /^\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{12}\.photosync-tmp$/;
const WEEK_MS = 7 * 24 * 3_600_000;

const hostTag = (): string => createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const startedMs = (): number => Math.round(performance.timeOrigin);

/** `.<host>-<pid>-<start of the process, ms>-<random>.photosync-tmp`: tells a later run whether its writer can still live. */
export const tempName = (): string =>
  `.${hostTag()}-${process.pid}-${startedMs()}-${randomBytes(6).toString("hex")}.photosync-tmp`;

/** A whole file under a temporary name: on the disk, read back, and equal to its hash. */
export interface Written {
  readonly path: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

/**
 * Writes a stream to a new temporary file in `folder`, makes it durable, and reads it back. The reading may be answered by
 * the operating system's cache: it proves what was handed over, and `verify --deep` later what the disk kept.
 * `onSize` sees the size after each chunk and may throw to end it. Throws `store.unreliable` (integrity) when other
 * bytes come back. Whatever goes wrong, the file is gone afterwards.
 */
export async function writeTemp(
  disk: Disk,
  folder: string,
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly mode: number; readonly onSize?: (sizeBytes: number) => void },
  call: Call,
): Promise<Written> {
  const path = join(folder, tempName());
  try {
    const written = { path, ...(await writeDurably(disk, path, chunks, options, call)) };
    if ((await judge(disk, path, written, call)) === "right") return written;
    throw new PhotosyncError({
      kind: "integrity",
      code: "store.unreliable",
      message: `${folder} gave back other bytes than were written to it; nothing was kept.`,
      next: ["Check this disk and the computer's memory before storing anything on it."],
    });
  } catch (error) {
    await discard(disk, path);
    throw error;
  }
}

async function writeDurably(
  disk: Disk,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly mode: number; readonly onSize?: (sizeBytes: number) => void },
  call: Call,
): Promise<{ readonly hash: ContentHash; readonly sizeBytes: number }> {
  const handle = await disk.open(path, "wx", 0o644).catch(failed(path, "write"));
  try {
    let sizeBytes = 0;
    const result = await hashStream(chunks, call, async (chunk) => {
      sizeBytes += chunk.length;
      options.onSize?.(sizeBytes);
      await writeAll(handle, chunk).catch(failed(path, "write"));
    });
    // FAT and some network shares know no modes; the blob is as safe without.
    await handle.chmod(options.mode).catch(() => {});
    await handle.sync().catch(failed(path, "write"));
    return result;
  } finally {
    await close(handle);
  }
}

/** Removes a temporary file, if it can: one that stays is swept later, and must not hide what went wrong before. */
export const discard = (disk: Disk, path: string): Promise<void> =>
  disk.rm(path, { force: true }).catch(() => {});

/**
 * True for a temporary file that no living writer can be at work on: its process on this computer has ended, or, where
 * that cannot be asked (another computer on a shared disk, a process id in use again), nobody wrote to it for a week.
 * Should a clock that jumped make it wrong, that writer's `put` fails and is repeated; nothing is lost.
 */
export function isAbandoned(name: string, modifiedMs: number): boolean {
  const [, host, pid, started] = NAME.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === hostTag()) {
    if (Number(pid) === process.pid) return Number(started) !== startedMs();
    if (!isAlive(Number(pid))) return true;
  }
  return Date.now() - modifiedMs > WEEK_MS;
}

/** True for a name that only photosync's temporary files have. */
export const isTempName = (name: string): boolean => NAME.test(name);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isErrno(error, "ESRCH");
  }
}

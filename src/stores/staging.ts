import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type ContentHash, hexOf } from "../domain/ids.js";
import { errnoOf } from "../infra/durable-file.js";
import type { StagedStream, Staging } from "../ports/staging.js";
import { close, type Disk, isErrno, realDisk, writeAll } from "./disk.js";
import { freeRoom } from "./free-room.js";
import { discard } from "./temp-file.js";
import { tempName } from "./temp-name.js";

export interface StagingOptions {
  /** Absolute path of the staging folder; made when the first bytes are kept. */
  readonly root: string;
  /** Told, at most once, why nothing more is kept. */
  readonly note: (line: string) => void;
  readonly disk?: Disk;
}

/** Nothing is wrong with the disk itself: the next bytes may well find a place. */
const PASSING = ["EMFILE", "ENFILE", "ENOENT"];

/** The file of these bytes in a staging folder. */
export const stagedPath = (root: string, hash: ContentHash): string =>
  join(root, hexOf(hash).slice(0, 2), hexOf(hash));

/**
 * Staging in a folder of files named `<first 2 hex digits>/<64 hex digits>`, each written under a temporary name and
 * renamed. Nothing is synced: what a power cut tears has another hash, and is found out when it is used.
 */
export function staging({ root, note, disk = realDisk }: StagingOptions): Staging {
  const folders = new Set<string>();
  const room = freeRoom(disk, root);
  let stopped = false;
  let noted = false;

  const say = (line: string) => {
    if (!noted) note(line);
    noted = true;
  };
  const trouble = (error: unknown) => {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    folders.clear();
    if (isErrno(error, ...PASSING)) return;
    stopped = true;
    say(`Originals are no longer kept at hand in ${root} (${errno}); replicate reads their sources again.`);
  };
  const fileOf = (hash: ContentHash) => stagedPath(root, hash);
  const makeFolder = async (folder: string) => {
    if (folders.has(folder)) return;
    await disk.mkdir(folder, { recursive: true });
    folders.add(folder);
  };
  const hasRoom = async (sizeBytes: number): Promise<boolean> => {
    if (await room.take(sizeBytes)) return true;
    say(`The disk of ${root} is nearly full: not every original is kept at hand for replicate.`);
    return false;
  };

  async function find(hash: ContentHash, sizeBytes: number): Promise<string | null> {
    const path = fileOf(hash);
    const stats = await disk.lstat(path).catch(() => null);
    return stats?.isFile() === true && stats.size === sizeBytes ? path : null;
  }

  async function begin(sizeBytes: number): Promise<StagedStream | null> {
    if (stopped) return null;
    const path = join(root, tempName());
    try {
      await makeFolder(root);
      if (!(await hasRoom(sizeBytes))) return null;
      const handle = await disk.open(path, "wx", 0o644);
      return stagedStream(path, handle, sizeBytes);
    } catch (error) {
      trouble(error);
      return null;
    }
  }

  function stagedStream(path: string, opened: FileHandle, sizeBytes: number): StagedStream {
    let handle: FileHandle | null = opened;
    let written = 0;
    const drop = async () => {
      if (handle !== null) await close(handle);
      handle = null;
      await discard(disk, path);
    };
    const orDrop = async (deed: () => Promise<void>) => {
      try {
        await deed();
      } catch (error) {
        await drop();
        trouble(error);
      }
    };
    return {
      write: (chunk) =>
        orDrop(async () => {
          written += chunk.length;
          if (handle === null) return;
          if (written > sizeBytes && !(await hasRoom(chunk.length))) await drop();
          else await writeAll(handle, chunk);
        }),
      keep: (hash) =>
        orDrop(async () => {
          if (handle === null) return;
          const ended = handle;
          handle = null;
          await ended.close();
          const target = fileOf(hash);
          await makeFolder(join(target, ".."));
          await disk.rename(path, target);
        }),
      drop,
    };
  }

  return {
    async keep(hash, bytes) {
      if (stopped || (await find(hash, bytes.length)) !== null) return;
      const stream = await begin(bytes.length);
      await stream?.write(bytes);
      await stream?.keep(hash);
    },
    begin,
    find,
    forget: (hash) => discard(disk, fileOf(hash)),
  };
}

import { utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ErrorKind, PhotosyncError } from "../domain/errors.js";
import { bufferPool } from "../infra/buffer-pool.js";
import { errnoOf, fileError, makeFolderDurably } from "../infra/durable-file.js";
import type { FileTree, Standing, Written } from "../ports/file-tree.js";
import { hashOfFile, openPlain } from "./blob-file.js";
import { close, type Disk, isErrno, realDisk } from "./disk.js";
import { folderSyncs } from "./folder-syncs.js";
import { publish, replace, unlessThere } from "./set-aside.js";
import { sweepFolder } from "./sweep-temps.js";
import { discard, writeTemp } from "./temp-file.js";

const FILE_MODE = 0o644;
/** For files that are held whole while they are proven: enough for eight of 8 MiB. */
const BUFFER_BYTES = 64 * 1024 * 1024;

/** A folder of the tree, and which one it is. */
interface MadeFolder {
  readonly path: string;
  readonly id: string;
}

/** Marks a stream that is longer than it was said to be. */
class TooLong extends Error {}

/** An error of the tree's own disk, told as one: what is said of stores would send the owner to the wrong disk. */
function treeError(error: unknown, path: string, what: string): unknown {
  const told = fileError(error, path, what);
  if (!(told instanceof PhotosyncError) || told.kind === "cancelled" || told.code.startsWith("restore."))
    return told;
  const isFull = told.code === "store.no-space";
  const kind: ErrorKind = told.kind === "transient" ? "transient" : "user";
  return new PhotosyncError({
    kind,
    code: isFull ? "restore.no-space" : what === "read" ? "restore.cannot-read" : "restore.cannot-write",
    message:
      told.code === "store.unavailable" ? `Could not ${what} ${path}: its disk went away.` : told.message,
    next: isFull
      ? ["Free some space on that disk, then run the same command again: it continues where it stopped."]
      : ["Check that disk, and that you may write to it, then run the same command again."],
    data: told.data,
    cause: error,
  });
}

const foreign = (what: string): Standing => ({ kind: "foreign", what });

/** The tree in the folder `root` (absolute, links resolved as far as it exists); made by the first `write`. */
export function fileTree(root: string, disk: Disk = realDisk): FileTree {
  const buffers = bufferPool(BUFFER_BYTES);
  const syncs = folderSyncs(disk);
  const made = new Map<string, Promise<MadeFolder>>();
  const looked = new Map<string, Promise<"folder" | "absent" | "foreign">>();
  const at = (path: string): string => join(root, ...path.split("/"));

  async function lookNow(folder: string): Promise<"folder" | "absent" | "foreign"> {
    if (folder === ".") return "folder";
    const above = await lookAtFolder(dirname(folder));
    if (above !== "folder") return above;
    try {
      return (await disk.lstat(at(folder))).isDirectory() ? "folder" : "foreign";
    } catch (error) {
      if (isErrno(error, "ENOENT")) return "absent";
      throw treeError(error, at(folder), "read");
    }
  }

  /** What stands at a folder's path, itself and those above it up to the root: a link would lead out of the tree. */
  function lookAtFolder(folder: string): Promise<"folder" | "absent" | "foreign"> {
    const known = looked.get(folder);
    if (known !== undefined) return known;
    const looking = lookNow(folder);
    looked.set(folder, looking);
    return looking;
  }

  async function makeFolder(folder: string): Promise<MadeFolder> {
    const path = folder === "." ? root : at(folder);
    if (folder === ".") await makeFolderDurably(root).catch(whyNot).catch(failing(root));
    else {
      const above = (await folderFor(dirname(folder))).path;
      await disk
        .mkdir(path)
        .then(() => syncs.after(above), unlessThere)
        .catch(failing(path));
      looked.delete(folder);
      if ((await lookAtFolder(folder)) !== "folder") throw inTheWay(path);
    }
    await sweepFolder(disk, path).catch(failing(path));
    return { path, id: await idOf(path) };
  }

  /** Tells one folder from another that has its path later. */
  const idOf = (path: string): Promise<string> =>
    disk.lstat(path).then(({ dev, ino }) => `${dev}:${ino}`, failing(path));

  /** The folder for a file, as it was when it was made: a link that was put in its place would lead out of the tree. */
  async function folderNow(file: string): Promise<string> {
    const { path, id } = await folderFor(dirname(file));
    if ((await idOf(path)) !== id) throw inTheWay(path);
    return path;
  }

  /** Making a folder with those above it tells of a read-only disk as of a missing folder; making it alone tells the truth. */
  const whyNot = (error: unknown) =>
    isErrno(error, "ENOENT") ? disk.mkdir(root).catch(unlessThere) : Promise.reject(error);

  const failing = (path: string) => (error: unknown) => {
    throw treeError(error, path, "write");
  };

  /** A folder that is there; what killed runs left half-written in it is gone. */
  function folderFor(folder: string): Promise<MadeFolder> {
    const known = made.get(folder);
    if (known !== undefined) return known;
    const making = makeFolder(folder);
    made.set(folder, making);
    // Tried again by the next file: the disk may be there by then.
    making.catch(() => made.delete(folder));
    return making;
  }

  /** Gives a finished file its name. */
  async function name(from: string, path: string, replaces: boolean): Promise<Written["kind"] | "apart"> {
    const to = at(path);
    // A rename puts a file in a link's place, not behind it, but a link is somebody's all the same.
    if (
      replaces &&
      (await disk.lstat(to).then(
        (stats) => !stats.isFile(),
        () => false,
      ))
    )
      return "taken";
    if (!replaces && (await isThere(to))) return "taken";
    const outcome = replaces
      ? (await replace(disk, from, to))
        ? "published"
        : "apart"
      : await publish(disk, from, to);
    return outcome === "published" ? "written" : outcome;
  }

  const isThere = (path: string) =>
    disk.lstat(path).then(
      () => true,
      () => false,
    );

  return {
    root,
    async start() {
      await folderFor(".");
    },
    async look(path) {
      try {
        const above = await lookAtFolder(dirname(path));
        if (above === "absent") return { kind: "absent" };
        if (above === "foreign") return foreign("a folder on the way there is a link or a file");
        const stats = await disk.lstat(at(path));
        if (stats.isFile()) return { kind: "file", sizeBytes: stats.size };
        return foreign(
          stats.isDirectory() ? "a folder" : stats.isSymbolicLink() ? "a link" : "no plain file",
        );
      } catch (error) {
        if (isErrno(error, "ENOENT")) return { kind: "absent" };
        throw treeError(error, at(path), "read");
      }
    },
    async tidy(path) {
      await folderFor(dirname(path)).catch(() => {});
    },
    async hash(path, call) {
      try {
        const opened = await openPlain(disk, at(path));
        if (opened === "absent" || opened === "foreign") throw inTheWay(at(path));
        try {
          return await hashOfFile(opened.handle, at(path), opened.sizeBytes, buffers, call);
        } finally {
          await close(opened.handle);
        }
      } catch (error) {
        throw treeError(error, at(path), "read");
      }
    },
    async freeBytes() {
      for (let folder = root; ; folder = dirname(folder)) {
        try {
          const { bavail, bsize } = await disk.statfs(folder);
          return bavail * bsize;
        } catch (error) {
          if (!isErrno(error, "ENOENT") || dirname(folder) === folder) throw treeError(error, folder, "read");
        }
      }
    },
    async write(file, chunks, call) {
      const folder = await folderNow(file.path);
      const source: { error?: unknown } = {};
      const watched = async function* () {
        try {
          yield* chunks;
        } catch (error) {
          source.error = error;
          throw error;
        }
      };
      const { hash, sizeBytes } = file;
      let temp: string | null = null;
      try {
        const options = { mode: FILE_MODE, buffers, sizeBytes, tooLong: () => new TooLong() };
        const written = await writeTemp(disk, folder, watched(), options, call);
        temp = written.path;
        if (written.hash !== hash || written.sizeBytes !== sizeBytes)
          return { kind: "wrong-bytes", found: `${written.hash} (${written.sizeBytes} bytes)` };
        // A time that the file system cannot hold (before 1970 on some) is not worth a photo.
        if (file.modifiedMs !== null)
          await utimes(temp, new Date(), new Date(file.modifiedMs)).catch(() => {});
        const named = await name(temp, file.path, file.replaces);
        if (named === "apart") throw inTheWay(at(file.path));
        if (named === "written") await syncs.after(folder);
        return named === "written" ? { kind: "written" } : { kind: "taken" };
      } catch (error) {
        if (error instanceof TooLong) return { kind: "wrong-bytes", found: `more than ${sizeBytes} bytes` };
        if (error !== undefined && source.error === error) throw error;
        throw treeError(error, at(file.path), "write");
      } finally {
        if (temp !== null) await discard(disk, temp);
      }
    },
    async link(from, to) {
      const folder = await folderNow(to.path);
      const target = at(to.path);
      try {
        if (to.replaces) return "apart";
        await disk.link(at(from), target);
        await syncs.after(folder);
        return "written";
      } catch (error) {
        if (isErrno(error, "EEXIST")) return "taken";
        if (errnoOf(error) !== undefined) return "apart";
        throw treeError(error, target, "write");
      }
    },
  };
}

const inTheWay = (path: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "restore.in-the-way",
    message: `${path} is no place for a file: something else stands there or on the way there.`,
    next: ["Look at what stands there and move it away, or restore to another folder."],
  });

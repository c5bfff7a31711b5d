import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { type BlobKey, isBlobKey } from "../domain/ids.js";
import type { BufferPool } from "../infra/buffer-pool.js";
import type { Call } from "../ports/call.js";
import type { LibraryHistory } from "../ports/library-history.js";
import { asUnavailable } from "./as-unavailable.js";
import { type Disk, diskError, isErrno, syncPath, unavailable } from "./disk.js";
import { unlessThere } from "./set-aside.js";
import { isBlobFolder, MARKER, markerText, otherLibrary, readMarker } from "./store-marker.js";
import { discard, writeTemp } from "./temp-file.js";

/** Whether the root can be believed; `marked` is false for a used one that lacks its marker, say after a plain copy. */
type Standing =
  | { readonly kind: "ready"; readonly marked: boolean; readonly signed: boolean }
  | { readonly kind: "new" }
  | { readonly kind: "gone"; readonly error: PhotosyncError };

/** The root folder of a local store: whether it is the right one, and the folders in it. */
export interface LocalRoot {
  readonly name: string;
  /** Looks now; keeps no answer but that the store was once seen used. Never throws. */
  look(): Promise<Standing>;
  /** Why the last look ended in `gone`, where that is another library's store. */
  trouble(): PhotosyncError | null;
  /** Throws `store.unavailable` unless the store is there and used. */
  requireReady(): Promise<void>;
  /** Makes a `new` store a used one: its folder and its marker. Throws `store.unavailable` when it is gone. */
  start(call: Call): Promise<void>;
  /** Says in the marker that the store is this library's, where that can be told. */
  sign(call: Call): Promise<void>;
  /** The file of a key. Throws `bug.blob-key` for a text that is none: it could lead out of the root. */
  fileOf(key: BlobKey): string;
  /** Makes the folders above a blob's file, durably. */
  ensureFolders(key: BlobKey): Promise<void>;
}

/** Which file has a name, and in what state; null when none has, or it cannot be told. */
async function stampOf(disk: Disk, path: string): Promise<string | null> {
  const stats = await disk.lstat(path).catch(() => null);
  return stats === null ? null : [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(" ");
}

/** Which folder has a name; null when none has, or it cannot be told. */
async function identityOf(disk: Disk, path: string): Promise<string | null> {
  const stats = await disk.lstat(path).catch(() => null);
  return stats?.isDirectory() === true ? `${stats.dev} ${stats.ino}` : null;
}

/** The root of the store `name` at the absolute path `path`, whose library is `library` where that is known. */
export function localRoot(
  disk: Disk,
  name: string,
  path: string,
  buffers: BufferPool,
  library: LibraryHistory | null,
): LocalRoot {
  let seenUsed = false;
  let trouble: PhotosyncError | null = null;
  /** The marker that was read and understood. */
  let knownMarker: { readonly stamp: string | null; readonly signed: boolean } | null = null;
  /** Folders that survive a power cut, and which ones they were. */
  const durable = new Map<string, string>();

  async function inspect(): Promise<Standing> {
    const stamp = await stampOf(disk, join(path, MARKER));
    if (stamp !== null && stamp === knownMarker?.stamp)
      return { kind: "ready", marked: true, signed: knownMarker.signed };
    const marker = await readMarker(disk, path);
    if (marker.kind === "unreadable") return gone(marker.why);
    if (marker.kind === "store") {
      if (marker.name !== name)
        return gone(`what is there is the store "${marker.name}", as ${MARKER} in it says.`);
      const first = marker.library;
      if (first !== null && library !== null && !(await library.knows(first)))
        return { kind: "gone", error: otherLibrary(name, path, first) };
      knownMarker = { stamp, signed: first !== null };
      return { kind: "ready", marked: true, signed: first !== null };
    }
    try {
      if ((await disk.readdir(path)).some(isBlobFolder))
        return { kind: "ready", marked: false, signed: false };
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
      const parent = await disk.stat(dirname(path)).catch(() => null);
      if (parent?.isDirectory() !== true) return gone("its parent folder is not there.");
    }
    return seenUsed ? gone("it was there a moment ago.") : { kind: "new" };
  }

  const gone = (why: string): Standing => ({ kind: "gone", error: unavailable(path, why) });

  async function look(): Promise<Standing> {
    trouble = null;
    try {
      const standing = await inspect();
      seenUsed ||= standing.kind === "ready";
      if (standing.kind === "gone" && standing.error.code === "store.other-library") trouble = standing.error;
      return standing;
    } catch (error) {
      return gone(error instanceof Error ? error.message : String(error));
    }
  }

  async function writeMarker(first: string | null, call: Call): Promise<void> {
    const text = async function* () {
      yield new TextEncoder().encode(markerText(name, first));
    };
    const written = await writeTemp(disk, path, text(), { mode: 0o644, buffers }, call);
    try {
      await disk.rename(written.path, join(path, MARKER));
      await syncPath(disk, path);
    } catch (error) {
      await discard(disk, written.path);
      throw diskError(error, join(path, MARKER), "write");
    }
  }

  async function makeFolder(folder: string): Promise<void> {
    try {
      const created = await disk.mkdir(folder).then(() => true, unlessThere);
      const stamp = await identityOf(disk, folder);
      // Another process may have made it an instant ago and not have come to this line yet.
      if (created === true || stamp === null || durable.get(folder) !== stamp)
        await syncPath(disk, dirname(folder));
      if (stamp !== null) durable.set(folder, stamp);
    } catch (error) {
      throw diskError(error, folder, "make the folder");
    }
  }

  return {
    name,
    look,
    trouble: () => trouble,
    async requireReady() {
      const standing = await look();
      if (standing.kind === "new") throw unavailable(path, "no photosync store is there.");
      if (standing.kind === "gone") throw asUnavailable(standing.error, name);
    },
    async start(call) {
      const standing = await look();
      if (standing.kind === "gone") throw standing.error;
      if (standing.kind === "ready" && standing.marked) return;
      await makeFolder(path);
      // What only looks like a store may be anybody's.
      await writeMarker(standing.kind === "new" ? ((await library?.first(call)) ?? null) : null, call);
      seenUsed = true;
    },
    async sign(call) {
      const first = (await library?.first(call)) ?? null;
      if (first !== null) await writeMarker(first, call);
    },
    fileOf(key) {
      if (isBlobKey(key)) return join(path, key);
      throw new PhotosyncError({
        kind: "bug",
        code: "bug.blob-key",
        message: `Not the key of a blob: ${key}`,
      });
    },
    async ensureFolders(key) {
      const folder = dirname(join(path, key));
      const known = durable.get(folder);
      if (known !== undefined && (await identityOf(disk, folder)) === known) return;
      const [first, second] = key.split("/").slice(0, -1);
      if (first !== undefined) await makeFolder(join(path, first));
      if (first !== undefined && second !== undefined) await makeFolder(join(path, first, second));
    },
  };
}

import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { type BlobKey, isBlobKey } from "../domain/ids.js";
import type { BufferPool } from "../infra/buffer-pool.js";
import type { Call } from "../ports/call.js";
import { type Disk, diskError, isErrno, syncPath, unavailable } from "./disk.js";
import { unlessThere } from "./set-aside.js";
import { MARKER, markerText, readMarker } from "./store-marker.js";
import { discard, writeTemp } from "./temp-file.js";

/** Whether the root can be believed; `marked` is false for a used one that lacks its marker, say after a plain copy. */
type Standing =
  | { readonly kind: "ready"; readonly marked: boolean }
  | { readonly kind: "new" }
  | { readonly kind: "gone"; readonly why: string };

const USED = /^(?:\d{4}|undated)$/;

/** The root folder of a local store: whether it is the right one, and the folders in it. */
export interface LocalRoot {
  readonly name: string;
  /** Looks now; keeps no answer but that the store was once seen used. Never throws. */
  look(): Promise<Standing>;
  /** Throws `store.unavailable` unless the store is there and used. */
  requireReady(): Promise<void>;
  /** Makes a `new` store a used one: its folder and its marker. Throws `store.unavailable` when it is gone. */
  start(call: Call): Promise<void>;
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

/** The root of the store `name` at the absolute path `path`. */
export function localRoot(disk: Disk, name: string, path: string, buffers: BufferPool): LocalRoot {
  let seenUsed = false;
  /** The marker that was read and understood. */
  let knownMarker: string | null = null;
  /** Folders that survive a power cut, and which ones they were. */
  const durable = new Map<string, string>();

  async function inspect(): Promise<Standing> {
    const stamp = await stampOf(disk, join(path, MARKER));
    if (stamp !== null && stamp === knownMarker) return { kind: "ready", marked: true };
    const marker = await readMarker(disk, path);
    if (marker.kind === "unreadable") return { kind: "gone", why: marker.why };
    if (marker.kind === "store") {
      if (marker.name === name) {
        knownMarker = stamp;
        return { kind: "ready", marked: true };
      }
      return { kind: "gone", why: `what is there is the store "${marker.name}", as ${MARKER} in it says.` };
    }
    try {
      if ((await disk.readdir(path)).some((entry) => USED.test(entry)))
        return { kind: "ready", marked: false };
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
      const parent = await disk.stat(dirname(path)).catch(() => null);
      if (parent?.isDirectory() !== true) return { kind: "gone", why: "its parent folder is not there." };
    }
    return seenUsed ? { kind: "gone", why: "it was there a moment ago." } : { kind: "new" };
  }

  async function look(): Promise<Standing> {
    try {
      const standing = await inspect();
      seenUsed ||= standing.kind === "ready";
      return standing;
    } catch (error) {
      return { kind: "gone", why: error instanceof Error ? error.message : String(error) };
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
    async requireReady() {
      const standing = await look();
      if (standing.kind === "new") throw unavailable(path, "no photosync store is there.");
      if (standing.kind === "gone") throw unavailable(path, standing.why);
    },
    async start(call) {
      const standing = await look();
      if (standing.kind === "gone") throw unavailable(path, standing.why);
      if (standing.kind === "ready" && standing.marked) return;
      await makeFolder(path);
      const text = async function* () {
        yield new TextEncoder().encode(markerText(name));
      };
      const written = await writeTemp(disk, path, text(), { mode: 0o644, buffers }, call);
      try {
        await disk.rename(written.path, join(path, MARKER));
        await syncPath(disk, path);
      } catch (error) {
        await discard(disk, written.path);
        throw diskError(error, join(path, MARKER), "write");
      }
      seenUsed = true;
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

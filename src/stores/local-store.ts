import { dirname, join } from "node:path";
import type { BlobKey } from "../domain/ids.js";
import { type BufferPool, bufferPool } from "../infra/buffer-pool.js";
import { throwIfAborted, untilAborted } from "../infra/until-aborted.js";
import type { BlobSource, BlobStore, PutOutcome } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import type { LibraryHistory } from "../ports/library-history.js";
import { blobNotFound, wrongBytes } from "./blob-errors.js";
import { bytesOf, judge, openPlain } from "./blob-file.js";
import { CHECKSUM_LIST, checksumLines } from "./checksum-list.js";
import { close, type Disk, diskError, failed, isErrno, realDisk, syncPath } from "./disk.js";
import { type FolderSyncs, folderSyncs } from "./folder-syncs.js";
import { holdsOne } from "./holds-one.js";
import { listBlobs, sizesOf } from "./list-blobs.js";
import { localBundles } from "./local-bundles.js";
import { type LocalRoot, localRoot } from "./local-root.js";
import { removeFiles, tracesOf } from "./remove-files.js";
import { publish, replace, setAside } from "./set-aside.js";
import { proveSpare } from "./spare-file.js";
import { sweepRoot, sweepTemps } from "./sweep-temps.js";
import { discard, writeTemp } from "./temp-file.js";

const BLOB_MODE = 0o444;
/** For blobs that are held whole while they are proven: enough for eight of 8 MiB. */
const BUFFER_BYTES = 64 * 1024 * 1024;

export interface LocalStoreOptions {
  readonly name: string;
  /** Absolute path of the store's folder; made by the first `put` where its parent folder exists. */
  readonly root: string;
  /** The library whose store it is; without it a store of another one is not known as such. */
  readonly library?: LibraryHistory;
  readonly disk?: Disk;
}

/** What the parts of one local store share. */
interface Local {
  readonly disk: Disk;
  readonly root: LocalRoot;
  /** The root's absolute path. */
  readonly path: string;
  readonly buffers: BufferPool;
  readonly syncs: FolderSyncs;
}

/**
 * A store in a folder: each key is a path under the root. Nothing ever stands under a key that was not written whole,
 * made durable and read back under a temporary name first. Blobs are read-only files (0444), against accidental
 * edits; folders stay writable. Wrong bytes found under a key are kept in `<root>/.set-aside/`, and `asidePath` is absolute.
 * `.photosync-store` marks the root as used. Links and pipes are foreign: never followed, set aside when in the way.
 */
export function localStore({ name, root: path, library, disk = realDisk }: LocalStoreOptions): BlobStore {
  const buffers = bufferPool(BUFFER_BYTES);
  const root = localRoot(disk, name, path, buffers, library ?? null);
  const local: Local = { disk, root, path, buffers, syncs: folderSyncs(disk) };
  return {
    name,
    bundles: localBundles(disk, root, path, buffers),
    async availability(call) {
      throwIfAborted(call);
      return (await root.look()).kind;
    },
    trouble: () => root.trouble(),
    async put(blob, call) {
      throwIfAborted(call);
      await root.start(call);
      return put(local, blob, call);
    },
    get: (key, call) => get(disk, root, key, call),
    async stat(keys, call) {
      throwIfAborted(call);
      await root.requireReady();
      for (const key of keys) root.fileOf(key);
      const sizes = await sizesOf(disk, path, keys, call);
      // A disk that went away in between looks like absent files.
      await root.requireReady();
      return sizes;
    },
    async *list(call) {
      throwIfAborted(call);
      await root.requireReady();
      yield* listBlobs(disk, path, call.after, call);
      await root.requireReady();
    },
    async writeChecksumList(entries, call) {
      throwIfAborted(call);
      await root.requireReady();
      await replaceList(local, checksumLines(entries), call);
    },
    async checksumListStamp(call) {
      throwIfAborted(call);
      await root.requireReady();
      const list = join(path, CHECKSUM_LIST);
      try {
        const { ino, size, mtimeMs, ctimeMs } = await disk.lstat(list);
        return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
      } catch (error) {
        if (isErrno(error, "ENOENT")) return null;
        throw diskError(error, list, "look at");
      }
    },
    async *readChecksumList(call) {
      throwIfAborted(call);
      await root.requireReady();
      const list = join(path, CHECKSUM_LIST);
      const opened = await openPlain(disk, list);
      if (opened === "absent" || opened === "foreign") return;
      try {
        yield* untilAborted(bytesOf(opened.handle, list, 0, opened.sizeBytes), call);
      } finally {
        await close(opened.handle);
      }
    },
    async traces(key, call) {
      throwIfAborted(call);
      await root.requireReady();
      root.fileOf(key);
      const found = await tracesOf(disk, path, key);
      await root.requireReady();
      return found;
    },
    async remove(key, call) {
      throwIfAborted(call);
      await root.requireReady();
      root.fileOf(key);
      const removed = await removeFiles(disk, path, key, call);
      await root.requireReady();
      return { removed, olderStay: false };
    },
    async sign(recorded, call) {
      throwIfAborted(call);
      const standing = await root.look();
      if (library === undefined || standing.kind !== "ready" || standing.signed) return;
      if (await holdsOne(recorded(), (keys) => sizesOf(disk, path, keys, call))) await root.sign(call);
    },
    async sweep(call) {
      throwIfAborted(call);
      const { kind } = await root.look();
      if (kind === "new") return sweepRoot(disk, path);
      return kind === "ready" ? sweepTemps(disk, path, call) : 0;
    },
  };
}

/** A blob's bytes, proven and durable, under a name that is not yet their key. */
interface Ready {
  readonly path: string;
  /** True when the file was the source's spare one. */
  readonly isSpare: boolean;
}

async function put(local: Local, blob: BlobSource, call: Call): Promise<PutOutcome> {
  const { disk, root, buffers, syncs } = local;
  const path = root.fileOf(blob.key);
  const folder = dirname(path);
  let ready: Ready | undefined;
  let isKept = false;
  try {
    // Another writer may come between the look and the deed: then look again.
    for (;;) {
      throwIfAborted(call);
      const standing = await judge(disk, path, blob, buffers, call);
      await root.ensureFolders(blob.key);
      if (standing === "right") {
        // A person may have copied it here a moment ago: it must survive a power cut all the same.
        await syncPath(disk, path);
        await syncs.after(folder);
        return { kind: "already" };
      }
      ready ??= await prepare(local, folder, blob, call);
      if (standing === "absent") {
        const published = await publish(disk, ready.path, path);
        if (published === "apart") ready = { path: await copy(local, folder, blob, call), isSpare: false };
        if (published !== "published") continue;
        await syncs.after(folder);
        isKept = true;
        return { kind: "stored" };
      }
      const asidePath = await setAside(disk, local.path, blob.key, path);
      if (asidePath === null) continue;
      if (!(await replace(disk, ready.path, path))) {
        ready = { path: await copy(local, folder, blob, call), isSpare: false };
        continue;
      }
      await syncs.after(folder);
      isKept = true;
      return { kind: "replaced", asidePath };
    }
  } finally {
    // A spare file that did not become the blob serves another attempt.
    if (ready !== undefined && (isKept || !ready.isSpare)) await discard(disk, ready.path);
  }
}

async function prepare(local: Local, folder: string, blob: BlobSource, call: Call): Promise<Ready> {
  const { disk, buffers } = local;
  const spare = await proveSpare(disk, folder, blob, { mode: BLOB_MODE, buffers }, call);
  if (spare !== null) return { path: spare, isSpare: true };
  return { path: await copy(local, folder, blob, call), isSpare: false };
}

async function copy(local: Local, folder: string, blob: BlobSource, call: Call): Promise<string> {
  const { disk, buffers } = local;
  const { sizeBytes } = blob;
  // More bytes than promised are wrong already: an endless source must not fill the disk first.
  const options = { mode: BLOB_MODE, buffers, sizeBytes, tooLong: () => wrongBytes(blob) };
  const written = await writeTemp(disk, folder, blob.open(), options, call);
  if (written.hash === blob.hash && written.sizeBytes === sizeBytes) return written.path;
  await discard(disk, written.path);
  throw wrongBytes(blob);
}

async function* get(
  disk: Disk,
  root: LocalRoot,
  key: BlobKey,
  call: Parameters<BlobStore["get"]>[1],
): AsyncGenerator<Uint8Array> {
  throwIfAborted(call);
  const path = root.fileOf(key);
  const opened = await openPlain(disk, path);
  if (opened === "absent" || opened === "foreign") {
    await root.requireReady();
    throw blobNotFound(root.name, key);
  }
  try {
    const [first, last] = call.range ?? [0, opened.sizeBytes - 1];
    const end = Math.min(last + 1, opened.sizeBytes);
    yield* untilAborted(bytesOf(opened.handle, path, first, end, call.into), call);
  } finally {
    await close(opened.handle);
  }
}

async function replaceList(
  { disk, path: root, buffers }: Local,
  text: AsyncIterable<Uint8Array>,
  call: Call,
): Promise<void> {
  const path = join(root, CHECKSUM_LIST);
  const written = await writeTemp(disk, root, text, { mode: 0o644, buffers }, call);
  try {
    if ((await judge(disk, path, written, buffers, call)) !== "right") {
      await disk.rename(written.path, path).catch(failed(path, "write"));
    }
    await syncPath(disk, root);
  } finally {
    await discard(disk, written.path);
  }
}

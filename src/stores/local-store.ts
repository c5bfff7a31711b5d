import { dirname, join } from "node:path";
import type { BlobKey } from "../domain/ids.js";
import { throwIfAborted, untilAborted } from "../infra/until-aborted.js";
import type { BlobSource, BlobStore, PutOutcome } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import { blobNotFound, wrongBytes } from "./blob-errors.js";
import { bytesOf, judge, openPlain } from "./blob-file.js";
import { CHECKSUM_LIST, checksumLines } from "./checksum-list.js";
import { close, type Disk, failed, realDisk, syncPath } from "./disk.js";
import { listBlobs, sizesOf } from "./list-blobs.js";
import { type LocalRoot, localRoot } from "./local-root.js";
import { publish, setAside } from "./set-aside.js";
import { sweepTemps } from "./sweep-temps.js";
import { discard, type Written, writeTemp } from "./temp-file.js";

const BLOB_MODE = 0o444;

export interface LocalStoreOptions {
  readonly name: string;
  /** Absolute path of the store's folder; made by the first `put` where its parent folder exists. */
  readonly root: string;
  readonly disk?: Disk;
}

/**
 * A store in a folder: each key is a path under the root. Nothing ever stands under a key that was not written whole,
 * made durable and read back under a temporary name first. Blobs are read-only files (0444), against accidental
 * edits; folders stay writable. Wrong bytes found under a key are kept in `<root>/.set-aside/`, and `asidePath` is absolute.
 * `.photosync-store` marks the root as used. Links and pipes are foreign: never followed, set aside when in the way.
 */
export function localStore({ name, root: path, disk = realDisk }: LocalStoreOptions): BlobStore {
  const root = localRoot(disk, name, path);
  return {
    name,
    async availability(call) {
      throwIfAborted(call);
      return (await root.look()).kind;
    },
    async put(blob, call) {
      throwIfAborted(call);
      await root.start(call);
      return put(disk, root, path, blob, call);
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
      await replaceList(disk, path, checksumLines(entries), call);
    },
    async sweep(call) {
      throwIfAborted(call);
      return (await root.look()).kind === "ready" ? sweepTemps(disk, path, call) : 0;
    },
  };
}

async function put(
  disk: Disk,
  root: LocalRoot,
  rootPath: string,
  blob: BlobSource,
  call: Call,
): Promise<PutOutcome> {
  const path = root.fileOf(blob.key);
  const folder = dirname(path);
  let written: Written | undefined;
  try {
    // Another writer may come between the look and the deed: then look again.
    for (;;) {
      throwIfAborted(call);
      const standing = await judge(disk, path, blob, call);
      await root.ensureFolders(blob.key);
      if (standing === "right") {
        // A person may have copied it here a moment ago: it must survive a power cut all the same.
        await syncPath(disk, path);
        await syncPath(disk, folder);
        return { kind: "already" };
      }
      written ??= await writeBlob(disk, folder, blob, call);
      if (standing === "absent") {
        if (!(await publish(disk, written.path, path))) continue;
        await syncPath(disk, folder);
        return { kind: "stored" };
      }
      const asidePath = await setAside(disk, rootPath, blob.key, path);
      if (asidePath === null) continue;
      await disk.rename(written.path, path).catch(failed(path, "store"));
      await syncPath(disk, folder);
      return { kind: "replaced", asidePath };
    }
  } finally {
    if (written !== undefined) await discard(disk, written.path);
  }
}

async function writeBlob(disk: Disk, folder: string, blob: BlobSource, call: Call): Promise<Written> {
  // More bytes than promised are wrong already: an endless source must not fill the disk first.
  const onSize = (sizeBytes: number) => {
    if (sizeBytes > blob.sizeBytes) throw wrongBytes(blob);
  };
  const written = await writeTemp(disk, folder, blob.open(), { mode: BLOB_MODE, onSize }, call);
  if (written.hash === blob.hash && written.sizeBytes === blob.sizeBytes) return written;
  await discard(disk, written.path);
  throw wrongBytes(blob);
}

async function* get(
  disk: Disk,
  root: LocalRoot,
  key: BlobKey,
  call: Call & { readonly range?: readonly [number, number] },
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
    yield* untilAborted(bytesOf(opened.handle, path, first, end), call);
  } finally {
    await close(opened.handle);
  }
}

async function replaceList(
  disk: Disk,
  root: string,
  text: AsyncIterable<Uint8Array>,
  call: Call,
): Promise<void> {
  const path = join(root, CHECKSUM_LIST);
  const written = await writeTemp(disk, root, text, { mode: 0o644 }, call);
  try {
    if ((await judge(disk, path, written, call)) !== "right") {
      await disk.rename(written.path, path).catch(failed(path, "write"));
    }
    await syncPath(disk, root);
  } finally {
    await discard(disk, written.path);
  }
}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { errnoOf, fileError, syncFolder } from "../infra/durable-file.js";
import { damaged, type GitObject, isObjectType, objectId } from "./git-object.js";

/** Git's own prefix for unfinished objects, so that `git gc` clears what a kill leaves; ours are told apart by the rest. */
export const looseTempPrefix = "tmp_obj_photosync_";

const concurrentWrites = 8;

/** Reads one object stored as its own file, or null when there is none. Throws `library.damaged` when it is torn. */
export function readLoose(objectsDir: string, oid: string): GitObject | null {
  let packed: Buffer;
  try {
    packed = readFileSync(loosePath(objectsDir, oid));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return null;
    throw fileError(error, loosePath(objectsDir, oid), "read");
  }
  let object: GitObject | null;
  try {
    object = parseLoose(inflateSync(packed));
  } catch (error) {
    throw damaged(`object ${oid} cannot be unpacked`, error);
  }
  if (object === null || objectId(object.type, object.bytes) !== oid) {
    throw damaged(`object ${oid} does not hold the bytes that its name promises`);
  }
  return object;
}

/**
 * Writes objects as one file each, all durable when it resolves. An object that stands there already is kept only if it
 * reads back as the same one: a torn file left by a kill would otherwise be taken for whole and corrupt the history.
 * Blobs come before the trees that name them: Git calls a tree without its `.gitattributes` an error, even where
 * nothing leads to that tree.
 */
export async function writeLoose(objectsDir: string, objects: ReadonlyMap<string, GitObject>): Promise<void> {
  const folders = new Set<string>();
  const worker = async (waiting: Iterable<readonly [string, GitObject]>): Promise<void> => {
    for (const [oid, object] of waiting) {
      const path = loosePath(objectsDir, oid);
      // Also around an object that is there: the run that wrote it may have been killed before it came to that.
      folders.add(objectsDir).add(dirname(path));
      if (isWhole(objectsDir, oid)) continue;
      await mkdir(dirname(path), { recursive: true });
      await writeOne(path, object);
    }
  };
  try {
    for (const areBlobs of [true, false]) {
      const waiting = [...objects].filter(([, { type }]) => (type === "blob") === areBlobs).values();
      const workers = Array.from({ length: concurrentWrites }, () => worker(waiting));
      const ends = await Promise.allSettled(workers);
      const failed = ends.find((end) => end.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    }
    await Promise.all([...folders].map(syncFolder));
  } catch (error) {
    throw fileError(error, objectsDir, "write a Git object in");
  }
}

async function writeOne(path: string, object: GitObject): Promise<void> {
  const temp = join(dirname(path), looseTempPrefix + randomBytes(6).toString("hex"));
  const header = Buffer.from(`${object.type} ${object.bytes.byteLength}\0`, "latin1");
  try {
    const handle = await open(temp, "wx", 0o444);
    try {
      await handle.writeFile(deflateSync(Buffer.concat([header, object.bytes]), { level: 1 }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw error;
  }
}

function isWhole(objectsDir: string, oid: string): boolean {
  try {
    return readLoose(objectsDir, oid) !== null;
  } catch {
    return false;
  }
}

function parseLoose(bytes: Buffer): GitObject | null {
  const end = bytes.indexOf(0);
  const [type, size] = bytes.toString("latin1", 0, Math.max(end, 0)).split(" ");
  if (type === undefined || !isObjectType(type) || size !== String(bytes.length - end - 1)) return null;
  return { type, bytes: bytes.subarray(end + 1) };
}

function loosePath(objectsDir: string, oid: string): string {
  return join(objectsDir, oid.slice(0, 2), oid.slice(2));
}

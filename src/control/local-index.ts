import { access, constants, cp, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database, RootDatabase } from "lmdb";
import type { Failure } from "../domain/errors.js";
import type { Reading } from "../domain/finding.js";
import type { ContentHash, PhotoId } from "../domain/ids.js";
import { errnoOf, fileError, tempPathFor } from "../infra/durable-file.js";
import type { Finding, StreamAccount } from "../ports/photo-source.js";
import { completeIndexFile, isSoundIndexFile } from "./index-file.js";
import type { IndexedInstance, KeptScan, ScannedFile } from "./index-records.js";
import { isDiskFull, noSpaceForIndex } from "./index-space.js";
import type { StoredPicture } from "./picture-codec.js";
import type { StoredRow } from "./row-codec.js";

/** By `require`, where LMDB comes in one file instead of twenty: that takes two thirds of the time. */
const { open } = createRequire(import.meta.url)("lmdb") as typeof import("lmdb");

/** The layout below; an index of another layout is thrown away and rebuilt. */
const LAYOUT = 10;

export const INDEX_FILE = "index.lmdb";

/** A symbol is never the key of a value. */
const FIELD_NAMES = Symbol.for("field-names");

/**
 * `.photosync/index`: everything derived that makes photosync fast. Disposable: nothing is known only here.
 * One key-value file (LMDB), safe against kill -9 and shared between processes.
 */
export interface LocalIndex {
  readonly root: RootDatabase<unknown, string>;
  /** `revision` of the documents that the next four describe. */
  readonly state: Database<string, string>;
  /** By `photo_id path`: two documents of one photo do not hide each other. */
  readonly rows: Database<StoredRow, string>;
  /** By `content_hash photo_id`: two photos that claim the same bytes do not, either. */
  readonly photoOfHash: Database<PhotoId, string>;
  readonly photoOfPath: Database<PhotoId, string>;
  readonly invalid: Database<Failure, string>;
  /** By place: what was read there, and the stamp that tells whether it is still so. */
  readonly files: Database<ScannedFile, string>;
  /** By content: what the bytes of pictures and videos say. */
  readonly readings: Database<Reading, ContentHash>;
  /** By content: the bytes of sidecars. */
  readonly small: Database<Uint8Array, ContentHash>;
  /** By path of a document: the digest of what it tells (see told.ts). */
  readonly told: Database<string, string>;
  /** Findings that committed documents already hold, by `mergedKey`: what the document told when it was found so. */
  readonly merged: Database<string, string>;
  /** By digest of the places read: what the last run over them saw (see operations/remembered-scans.ts). */
  readonly scans: Database<KeptScan, string>;
  /** By `instanceKey`: where documents tell of instances that services gave an id to. */
  readonly instances: Database<IndexedInstance, string>;
  /** By path of a document: the keys of its instances. */
  readonly instancesOfPath: Database<readonly string[], string>;
  /** By `instanceKey`: the version of it that the documents hold, with what they said of it then (`IndexedInstance.said`). */
  readonly versions: Database<{ readonly version: string; readonly said: string }, string>;
  /** By `instanceKey`: what this run saw on services, as its version, or "" for one that was not recorded. */
  readonly sightings: Database<string, string>;
  /** This run's findings, in the order they were made. */
  readonly findings: Database<Finding, number>;
  /** This run's accounts of byte streams in archives, by place. */
  readonly streams: Database<StreamAccount, string>;
  /** Blobs that `verify` found corrupt and `replicate` has not refilled yet, by `store key`. */
  readonly suspects: Database<true, string>;
  /** By `photo_id path`, as rows: what identity compares of the documents whose original is a picture. */
  readonly pictures: Database<StoredPicture, string>;
  /** A candidate key's bytes with a photo's id: which photos are to be compared (see index-candidates.ts). */
  readonly candidates: Database<Uint8Array, Uint8Array>;
  /** By content: how pictures that were looked at look (see look-codec.ts). */
  readonly looks: Database<Uint8Array, ContentHash>;
  /** When sources and stores were last looked at successfully, by `discover <service>` and `verify <store>`. */
  readonly checked: Database<string, string>;
  close(): Promise<void>;
}

export const indexFolder = (libraryRoot: string): string => join(libraryRoot, ".photosync", "index");

/**
 * As much address space as the index of two million photos needs, asked for at once: LMDB keeps each smaller map while it goes over to a
 * larger one, and the pages of all of them count as memory. It still grows beyond. Windows may make the file as large as
 * the map, and with 32 bits there is no such room.
 */
const MAP = process.platform !== "win32" && process.arch.endsWith("64") ? { mapSize: 4 * 1024 ** 3 } : {};

function openAt(folder: string, onClose: () => Promise<void>): LocalIndex {
  const path = join(folder, INDEX_FILE);
  const root = open<unknown, string>({ path, maxDbs: 24, ...MAP });
  const table = <V, K extends string | number>(name: string, encoding: "msgpack" | "binary" = "msgpack") =>
    root.openDB<V, K>({ name, encoding });
  /** Keeps the field names of its values once and not in each: less than half as large, and twice as quick to decode. */
  const records = <V, K extends string | number>(name: string) =>
    root.openDB<V, K>({ name, encoding: "msgpack", sharedStructuresKey: FIELD_NAMES });
  return {
    root,
    state: table("state"),
    rows: table("rows"),
    photoOfHash: table("photo-of-hash"),
    photoOfPath: table("photo-of-path"),
    invalid: table("invalid"),
    files: records("files"),
    readings: records("readings"),
    small: table("small", "binary"),
    told: table("told"),
    merged: table("merged"),
    scans: table("scans"),
    instances: table("instances"),
    instancesOfPath: table("instances-of-path"),
    versions: table("versions"),
    sightings: table("sightings"),
    findings: records("findings"),
    streams: table("streams"),
    suspects: table("suspects"),
    pictures: table("pictures"),
    candidates: root.openDB<Uint8Array, Uint8Array>({
      name: "candidates",
      encoding: "binary",
      keyEncoding: "binary",
    }),
    looks: table("looks", "binary"),
    checked: table("checked"),
    async close() {
      await root.close();
      await completeIndexFile(path);
      await onClose();
    },
  };
}

async function openOrRemake(folder: string, onClose: () => Promise<void>): Promise<LocalIndex> {
  await mkdir(folder, { recursive: true });
  if (await isSoundIndexFile(join(folder, INDEX_FILE))) {
    let index: LocalIndex | null = null;
    try {
      index = openAt(folder, onClose);
      if (index.state.get("layout") === String(LAYOUT)) return index;
    } catch {
      // What cannot be opened or read is remade below.
    }
    await index?.root.close();
  }
  await moveAway(folder);
  await mkdir(folder, { recursive: true });
  const fresh = openAt(folder, onClose);
  fresh.state.putSync("layout", String(LAYOUT));
  return fresh;
}

/**
 * Removes the folder of an index by giving it another name first: a process that has just made its own there keeps its open files, and none
 * finds half of them. Does nothing where there is none; throws what the file system says.
 */
export async function moveAway(folder: string): Promise<void> {
  const away = tempPathFor(folder);
  try {
    await rename(folder, away);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  await rm(away, { recursive: true, force: true });
}

/** How often an index is opened while other processes remake it at the same time. */
const OPEN_TRIES = 5;
const OPEN_PAUSE_MS = 40;

/** Two processes that find the index damaged may take each other's new folder away: the one that loses looks again. */
async function openSharing(folder: string, onClose: () => Promise<void>): Promise<LocalIndex> {
  for (let tries = 1; ; tries++) {
    try {
      return await openOrRemake(folder, onClose);
    } catch (error) {
      if (tries === OPEN_TRIES) throw error;
      await sleep(OPEN_PAUSE_MS * Math.random());
    }
  }
}

/** How often a copy is tried while another process writes; after that the scratch index is made from nothing. */
const COPY_TRIES = 3;

/** Copies the file if it did not change meanwhile: a copy of a file that is being written would be torn. */
async function copyAtRest(from: string, to: string): Promise<void> {
  const state = async () => {
    const found = await stat(from, { bigint: true }).catch(() => null);
    return found === null ? null : `${found.size} ${found.mtimeNs}`;
  };
  for (let tries = 0; tries < COPY_TRIES; tries++) {
    const before = await state();
    if (before === null) return;
    await cp(from, to);
    if ((await state()) === before) return;
  }
  await rm(to, { force: true });
}

const FORBIDDEN: ReadonlySet<string | undefined> = new Set(["EROFS", "EACCES", "EPERM"]);

/** Whether the index can be written where it belongs; a file in the place of its folder is replaced. */
async function isWritable(folder: string): Promise<boolean> {
  try {
    const found = await stat(folder).catch(() => null);
    if (found !== null && !found.isDirectory()) await rm(folder);
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    await access(join(folder, INDEX_FILE), constants.W_OK);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return true;
    if (FORBIDDEN.has(errnoOf(error))) return false;
    throw fileError(error, folder, "open the index in");
  }
}

export interface OpenIndexOptions {
  readonly scratch: boolean;
  /** Nothing will be committed: a full disk is no reason not to look, on a copy. */
  readonly reading?: boolean;
  /** Tells of a folder whether its disk is full; looks at the disk unless a test says otherwise. */
  readonly isFull?: (folder: string) => Promise<boolean>;
}

/**
 * Opens the index, remaking it when it is damaged or of another layout. With `scratch`, and for a library that may only be
 * read, works on a copy in the temporary folder that vanishes on close: a dry run changes nothing under the library, and
 * one on a read-only disk can still be looked at. Throws `store.no-space` before LMDB meets a full disk, and what `fileError` makes of a file-system error.
 */
export async function openLocalIndex(
  libraryRoot: string,
  { scratch, reading = false, isFull = isDiskFull }: OpenIndexOptions,
): Promise<LocalIndex> {
  const folder = indexFolder(libraryRoot);
  if (!scratch && (await isWritable(folder))) {
    if (!(await isFull(libraryRoot))) return openSharing(folder, async () => {});
    if (!reading) throw noSpaceForIndex(folder);
  }
  if (await isFull(tmpdir())) throw noSpaceForIndex(tmpdir());
  const copy = await mkdtemp(join(tmpdir(), "photosync-index-")).catch((error: unknown) => {
    throw fileError(error, tmpdir(), "make a temporary folder in");
  });
  const remove = () => rm(copy, { recursive: true, force: true });
  try {
    await copyAtRest(join(folder, INDEX_FILE), join(copy, INDEX_FILE));
    return await openOrRemake(copy, remove);
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}

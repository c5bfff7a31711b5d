import { createHash, randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, readSync, renameSync } from "node:fs";
import { join } from "node:path";
import { discardFile, fileError, makeFolderDurably, syncFolder } from "../infra/durable-file.js";
import { BlobSpool } from "./blob-spool.js";
import type { ObjectType } from "./git-object.js";
import { encodePackIndex, type PackedObjects, sortedPositions } from "./pack-index.js";
import { batchOf, type ObjectBatch, type PackedBatch, packObjects } from "./packed-objects.js";
import type { SideThread } from "./side-thread.js";
import { writeFully } from "./write-fully.js";

/** Prefix of unfinished packs: Git's `tmp_`, which `git gc` clears, and our name, which `recover` clears. */
export const packTempPrefix = "tmp_pack_photosync_";

/** What goes through deflate at once, and between threads as one message. */
const batchBytes = 512 * 1024;
const batchObjects = 256;
/** How many batches may wait for one that the second thread has: bounds the memory when that thread is slow. */
const mostUnwritten = 12;
const bufferBytes = 1024 * 1024;

/** Objects on their way into the pack; `packed` is null while the second thread has them. */
interface Batch {
  packed: PackedBatch | null;
  done: Promise<void> | null;
}

interface Waiting {
  readonly oid: string;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/**
 * Streams objects into one packfile (see `packObjects`), in the order in which they are added, and writes its index. Memory is a
 * few MB, 32 bytes an object, and about 100 for finding each again in what `read` gives.
 */
export class PackWriter {
  readonly #packDir: string;
  readonly #temp: string;
  readonly #side: SideThread;
  readonly #spool: BlobSpool;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  readonly #unwritten: Batch[] = [];
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #file: number;
  #buffered = 0;
  #offset = 0;
  #count = 0;
  #written = 0;
  #ids = Buffer.alloc(1024 * 20);
  #crcs = new Uint32Array(1024);
  #offsets = new Float64Array(1024);

  private constructor(packDir: string, temp: string, side: SideThread) {
    this.#packDir = packDir;
    this.#temp = temp;
    this.#side = side;
    this.#file = openSync(temp, "wx+", 0o644);
    this.#spool = new BlobSpool(`${temp}.raw`);
    this.#write(packHeader(0));
  }

  /** Begins a pack in `objects/pack`; `side` shares the work. Throws what `fileError` makes of a file-system error. */
  static async begin(objectsDir: string, side: SideThread): Promise<PackWriter> {
    const packDir = join(objectsDir, "pack");
    const temp = join(packDir, packTempPrefix + randomBytes(6).toString("hex"));
    try {
      await makeFolderDurably(packDir);
      return new PackWriter(packDir, temp, side);
    } catch (error) {
      throw fileError(error, temp, "write");
    }
  }

  /** Appends one object; the caller sees to it that none is added twice. A promise is to be waited for before the next one. */
  add(oid: string, type: ObjectType, bytes: Uint8Array): Promise<void> | undefined {
    this.#grow();
    this.#ids.write(oid, this.#count * 20, "hex");
    this.#count++;
    this.#waiting.push({ oid, type, bytes });
    this.#waitingBytes += bytes.byteLength;
    if (this.#waiting.length < batchObjects && this.#waitingBytes < batchBytes) return undefined;
    this.#pack();
    return this.#unwritten.length < mostUnwritten ? undefined : this.#settle(mostUnwritten / 2);
  }

  /** The bytes of an object that was added, as long as they are at hand: until `discard`, unless the disk is full. */
  read(oid: string): Buffer | null {
    return this.#spool.read(oid);
  }

  /** Makes pack and index durable and visible to readers. The pack's name follows from its ids: a repetition replaces it. */
  async finish(): Promise<void> {
    try {
      this.#pack();
      await this.#settle(0);
      this.#flush();
      writeFully(this.#file, packHeader(this.#count), 0);
      const checksum = this.#checksum();
      writeFully(this.#file, checksum, this.#offset);
      fsyncSync(this.#file);
      closeSync(this.#file);
      this.#file = -1;
      const objects: PackedObjects = {
        count: this.#count,
        ids: this.#ids,
        crcs: this.#crcs,
        offsets: this.#offsets,
      };
      const order = sortedPositions(objects);
      const indexTemp = `${this.#temp}.idx`;
      writeWhole(indexTemp, encodePackIndex(objects, order, checksum));
      const stem = join(this.#packDir, `pack-${nameOf(objects, order)}`);
      // The pack first: readers find packs by their index.
      renameSync(this.#temp, `${stem}.pack`);
      renameSync(indexTemp, `${stem}.idx`);
      for (const path of [`${stem}.pack`, `${stem}.idx`]) chmodSync(path, 0o444);
      await syncFolder(this.#packDir);
    } catch (error) {
      this.discard();
      throw fileError(error, this.#temp, "write");
    }
  }

  /** Drops what was written, but for a finished pack; may be called at any time and again. */
  discard(): void {
    this.#spool.close();
    const file = this.#file;
    this.#file = -1;
    try {
      if (file >= 0) closeSync(file);
    } catch {
      // Closing ends it, whatever it reports, and nothing of the file is kept.
    }
    discardFile(this.#temp);
    discardFile(`${this.#temp}.idx`);
  }

  /** Gives what waits to the second thread, or packs it here when that one has enough to do. */
  #pack(): void {
    if (this.#waiting.length === 0) return;
    const raw = batchOf(this.#waiting);
    this.#spool.keep(this.#waiting, raw.bytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    const elsewhere = this.#side.pack(raw);
    if (elsewhere === null) this.#unwritten.push({ packed: packObjects(raw), done: null });
    else this.#unwritten.push(awaited(elsewhere, raw));
    this.#writePacked();
  }

  /** Waits until no more than `most` batches are unwritten. */
  async #settle(most: number): Promise<void> {
    while (this.#unwritten.length > most) {
      await this.#unwritten[0]?.done;
      this.#writePacked();
    }
  }

  /** Writes the batches that are packed, up to the first one that is not. */
  #writePacked(): void {
    while (this.#unwritten.length > 0) {
      const packed = this.#unwritten[0]?.packed ?? null;
      if (packed === null) return;
      this.#unwritten.shift();
      const { bytes, ends, crcs } = packed;
      const start = this.#offset;
      ends.forEach((_, at) => {
        this.#offsets[this.#written] = start + (at === 0 ? 0 : (ends[at - 1] ?? 0));
        this.#crcs[this.#written] = crcs[at] ?? 0;
        this.#written++;
      });
      this.#write(bytes);
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.#buffered + bytes.byteLength > bufferBytes) this.#flush();
    if (bytes.byteLength > bufferBytes) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.byteLength;
    }
    this.#offset += bytes.byteLength;
  }

  #flush(): void {
    const full = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#put(full);
  }

  #put(bytes: Uint8Array): void {
    try {
      writeFully(this.#file, bytes);
    } catch (error) {
      throw fileError(error, this.#temp, "write");
    }
  }

  /** The trailer covers the header, whose count is known last: the file is read again, at disk-cache speed. */
  #checksum(): Buffer {
    const hash = createHash("sha1");
    for (let at = 0; at < this.#offset; ) {
      const got = readSync(this.#file, this.#buffer, 0, Math.min(bufferBytes, this.#offset - at), at);
      if (got === 0) throw new Error(`${this.#temp} became shorter while it was written`);
      hash.update(this.#buffer.subarray(0, got));
      at += got;
    }
    return hash.digest();
  }

  #grow(): void {
    if (this.#count < this.#crcs.length) return;
    const length = this.#count * 2;
    this.#ids = Buffer.concat([this.#ids], length * 20);
    const crcs = new Uint32Array(length);
    crcs.set(this.#crcs);
    this.#crcs = crcs;
    const offsets = new Float64Array(length);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
  }
}

function packHeader(count: number): Buffer {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  return header;
}

/** A second thread that broke down leaves the batch to this one. */
function awaited(packed: Promise<PackedBatch>, raw: ObjectBatch): Batch {
  const batch: Batch = { packed: null, done: null };
  batch.done = packed
    .catch(() => packObjects(raw))
    .then((result) => {
      batch.packed = result;
    });
  return batch;
}

function nameOf(objects: PackedObjects, order: Uint32Array): string {
  const hash = createHash("sha1");
  for (const position of order) hash.update(objects.ids.subarray(position * 20, position * 20 + 20));
  return hash.digest("hex");
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o644);
  try {
    writeFully(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

import { createHash } from "node:crypto";
import { type ContentHash, contentHash } from "../../domain/ids.js";
import { sha256Aside } from "../../infra/hash.js";
import { bufferReader } from "../../infra/media/byte-reader.js";
import { MediaCapture } from "../../infra/media/capture.js";
import { SNIFF_BYTES, sniffMediaType, typeOfName } from "../../infra/media/media-type.js";
import { type MediaReading, readMedia } from "../../infra/media/read-media.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { SourceEntry } from "../../ports/photo-source.js";
import type { StagedStream, Staging } from "../../ports/staging.js";

/** Files up to this size are held in memory while they are looked at; larger ones stream past. */
export const WHOLE_BYTES = 32 * 1024 * 1024;

/** Where the originals that are read are kept for `replicate`, and which of them it will ask for. */
export interface Keeping {
  readonly staging: Staging;
  /** True for bytes that some store does not hold yet. */
  readonly wanted: (hash: ContentHash) => boolean;
  /** True for the name of an enabled store: a replica that is recorded in another one counts for nothing. */
  readonly isStore: (name: string) => boolean;
}

export interface MediaRead {
  readonly hash: ContentHash;
  readonly read: MediaReading;
}

const isMedia = async (head: Uint8Array): Promise<boolean> =>
  (await sniffMediaType(head.subarray(0, SNIFF_BYTES))) !== null;

/** Collects chunks; the one chunk of a small file is taken as it is. */
class Gathered {
  #bytes: Uint8Array = new Uint8Array(0);
  #filled = 0;
  readonly #expected: number;

  constructor(expectedBytes: number) {
    this.#expected = expectedBytes;
  }

  push(chunk: Uint8Array): void {
    const filled = this.#filled + chunk.length;
    if (this.#filled === 0 && filled >= this.#expected) this.#bytes = chunk;
    else {
      if (filled > this.#bytes.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(this.#expected, filled));
        larger.set(this.bytes());
        this.#bytes = larger;
      }
      this.#bytes.set(chunk, this.#filled);
    }
    this.#filled = filled;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled);
  }
}

/** All bytes of a small entry, with their hash. */
export async function readBytes(
  entry: SourceEntry,
  call: Call,
): Promise<{ readonly hash: ContentHash; readonly bytes: Uint8Array }> {
  const gathered = new Gathered(entry.sizeBytes);
  for await (const chunk of entry.open()) {
    throwIfAborted(call);
    gathered.push(chunk);
  }
  const bytes = gathered.bytes();
  return { hash: await sha256Aside(bytes), bytes };
}

/** Its beginning is here, and is no picture's or video's: what follows cannot make it one. */
const isForeign = async (gathered: Gathered): Promise<boolean> =>
  gathered.bytes().length >= SNIFF_BYTES && !(await isMedia(gathered.bytes()));

async function readInMemory(entry: SourceEntry, keeping: Keeping | null, call: Call): Promise<MediaRead> {
  const gathered = new Gathered(entry.sizeBytes);
  let undecided = typeOfName(entry.name) === null;
  for await (const chunk of entry.open()) {
    throwIfAborted(call);
    gathered.push(chunk);
    if (undecided && (await isForeign(gathered))) break;
    undecided &&= gathered.bytes().length < SNIFF_BYTES;
  }
  const bytes = gathered.bytes();
  // The hash is made in another thread while the metadata is read in this one.
  const [hash, read] = await Promise.all([sha256Aside(bytes), readMedia(bufferReader(bytes), entry.name)]);
  if (keeping !== null && read.kind === "media" && keeping.wanted(hash)) {
    await keeping.staging.keep(hash, bytes);
  }
  return { hash, read };
}

/** Keeps a stream from the moment when its beginning has shown a picture or video. */
class StreamKeeper {
  readonly #keeping: Keeping | null;
  readonly #sizeBytes: number;
  #stream: StagedStream | null = null;

  constructor(keeping: Keeping | null, sizeBytes: number) {
    this.#keeping = keeping;
    this.#sizeBytes = sizeBytes;
  }

  async begin(head: Uint8Array): Promise<void> {
    this.#stream = (await this.#keeping?.staging.begin(this.#sizeBytes)) ?? null;
    await this.write(head);
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#stream?.write(chunk);
  }

  async end(hash: ContentHash, isWhole: boolean): Promise<void> {
    if (isWhole && this.#keeping?.wanted(hash) === true) await this.#stream?.keep(hash);
    else await this.drop();
    this.#stream = null;
  }

  async drop(): Promise<void> {
    await this.#stream?.drop();
    this.#stream = null;
  }
}

async function readStreaming(entry: SourceEntry, keeping: Keeping | null, call: Call): Promise<MediaRead> {
  const capture = new MediaCapture(entry.sizeBytes);
  const sha256 = createHash("sha256");
  const keeper = new StreamKeeper(keeping, entry.sizeBytes);
  const head = new Gathered(0);
  let isHead = true;
  try {
    for await (const chunk of entry.open()) {
      throwIfAborted(call);
      sha256.update(chunk);
      capture.push(chunk);
      if (!isHead) await keeper.write(chunk);
      else {
        head.push(chunk);
        // Whatever its name says, the rest is left unread: it may be a terabyte of nothing.
        if (await isForeign(head)) break;
        isHead = head.bytes().length < SNIFF_BYTES;
        if (!isHead && (await isMedia(head.bytes()))) await keeper.begin(head.bytes());
      }
    }
    const hash = contentHash(sha256.digest("hex"));
    const read = await readMedia(capture.reader(), entry.name);
    await keeper.end(hash, read.kind === "media");
    return { hash, read };
  } finally {
    await keeper.drop();
  }
}

/**
 * The hash and metadata of one entry, read once; what is a picture or video and wanted is kept on the way. Throws what the
 * entry throws and `cancelled`; a failing staging keeps nothing and is no error.
 */
export const readThrough = (entry: SourceEntry, keeping: Keeping | null, call: Call): Promise<MediaRead> =>
  entry.sizeBytes <= WHOLE_BYTES ? readInMemory(entry, keeping, call) : readStreaming(entry, keeping, call);

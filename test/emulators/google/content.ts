import { createHash, type Hash } from "node:crypto";

/** Bytes that the emulator holds, or only knows of: big ones are made up again while they are sent. */
export interface Content {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
  readonly sha1: string;
  /** The first bytes, enough to tell the type and to find a date. */
  readonly head: Uint8Array;
  /** Present where all bytes were kept. */
  readonly bytes?: Uint8Array;
  /** The bytes from one offset up to another, the end not included. */
  stream(from?: number, to?: number): AsyncIterable<Uint8Array>;
}

const HEAD_BYTES = 64 * 1024;
const PIECE_BYTES = 64 * 1024;
/** Uploads up to this size are kept whole. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** What made-up bytes repeat; each repetition begins with its own number. */
const BLOCK = Buffer.from(Array.from({ length: PIECE_BYTES }, (_, at) => (at * 31 + (at >>> 8)) & 0xff));

/** Deterministic bytes at any offset: a made-up film of any size that costs no memory. */
function patternAt(head: Uint8Array, from: number, to: number): Uint8Array {
  const piece = Buffer.alloc(to - from);
  for (let at = from - (from % BLOCK.length); at < to; at += BLOCK.length) {
    const block = Buffer.from(BLOCK);
    block.writeUInt32BE(at / BLOCK.length);
    block.copy(piece, Math.max(0, at - from), Math.max(0, from - at), Math.min(BLOCK.length, to - at));
  }
  if (from < head.length) piece.set(head.subarray(from, to), 0);
  return piece;
}

async function* patternStream(head: Uint8Array, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += PIECE_BYTES) yield patternAt(head, at, Math.min(to, at + PIECE_BYTES));
}

async function* kept(bytes: Uint8Array, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += PIECE_BYTES) yield bytes.subarray(at, Math.min(to, at + PIECE_BYTES));
}

/** Takes bytes as they come and tells in the end what they were. */
export class Taker {
  readonly #hashes: readonly [Hash, Hash, Hash] = [
    createHash("sha256"),
    createHash("md5"),
    createHash("sha1"),
  ];
  #parts: Uint8Array[] = [];
  #head: Uint8Array = new Uint8Array();
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  take(bytes: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(bytes);
    if (this.#head.length < HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, bytes]).subarray(0, HEAD_BYTES);
    }
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes <= KEPT_BYTES) this.#parts.push(Buffer.from(bytes));
    else this.#parts = [];
  }

  finish(): Content {
    const [sha256, md5, sha1] = this.#hashes;
    const sizeBytes = this.#sizeBytes;
    const head = this.#head;
    const sums = { sha256: sha256.digest("hex"), md5: md5.digest("hex"), sha1: sha1.digest("hex") };
    if (sizeBytes > KEPT_BYTES) {
      return {
        sizeBytes,
        ...sums,
        head,
        stream: (from = 0, to = sizeBytes) => patternStream(head, from, to),
      };
    }
    const bytes = Buffer.concat(this.#parts);
    return { sizeBytes, ...sums, head, bytes, stream: (from = 0, to = sizeBytes) => kept(bytes, from, to) };
  }
}

/** Bytes that a test gives whole. */
export function contentOf(bytes: Uint8Array): Content {
  const taker = new Taker();
  taker.take(bytes);
  const content = taker.finish();
  return { ...content, bytes, stream: (from = 0, to = bytes.length) => kept(bytes, from, to) };
}

/** Bytes of any size that begin with `head` and go on by a rule. Their hashes cost one pass; memory stays small. */
export function madeUpContent(sizeBytes: number, head: Uint8Array): Content {
  const taker = new Taker();
  for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
    taker.take(patternAt(head, at, Math.min(sizeBytes, at + PIECE_BYTES)));
  }
  return { ...taker.finish(), stream: (from = 0, to = sizeBytes) => patternStream(head, from, to) };
}

/** The media type by the first bytes; undefined for what Google Photos does not take. */
export function sniffed(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, 16)).toString("latin1");
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("GIF8")) return "image/gif";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "image/tiff";
  if (text.startsWith("RIFF")) return text.slice(8, 12) === "WEBP" ? "image/webp" : "video/x-msvideo";
  if (text.startsWith("\x1a\x45\xdf\xa3")) return "video/x-matroska";
  if (text.slice(4, 8) !== "ftyp") return undefined;
  const brand = text.slice(8, 12);
  if (/^(?:heic|heix|mif1)$/.test(brand)) return "image/heic";
  if (brand === "avif") return "image/avif";
  return brand === "qt  " ? "video/quicktime" : "video/mp4";
}

/** When the picture says it was taken, as milliseconds since 1970, its wall clock read as UTC. */
export function takenMs(head: Uint8Array): number | undefined {
  const found = /(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(Buffer.from(head).toString("latin1"));
  if (found === null) return undefined;
  const ms = Date.parse(`${found[1]}-${found[2]}-${found[3]}T${found[4]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Width and height as a JPEG's or PNG's head tells. */
export function dimensions(
  head: Uint8Array,
): { readonly width: number; readonly height: number } | undefined {
  const bytes = Buffer.from(head);
  if (sniffed(head) === "image/png" && bytes.length >= 24) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (sniffed(head) !== "image/jpeg") return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { contentHash, isBlobKey } from "../../../domain/ids.js";
import { aesSiv } from "../../../infra/aes-siv.js";
import {
  BrokenPayload,
  CHUNK_BYTES,
  openPayload,
  payloadKey,
  plainPayloadBytes,
  SEALED_CHUNK_BYTES,
  sealedPayloadBytes,
  sealPayload,
} from "../../../infra/age/stream.js";
import {
  HEADER_BYTES,
  openHeader,
  sealHeader,
  type X25519Identity,
} from "../../../infra/age/x25519-header.js";
import { CHECKSUM_LIST } from "../../checksum-list.js";
import type { Envelope, Layout, ReadStretch, Sealing, Seen } from "./sealing.js";

/** What lies in a sealed store. The letters say no more than the times at which objects come do anyway. */
export const SEALED_LAYOUT: Layout = { blobs: "o/", bundles: "n/", probes: "t/" };
/** Tells which object stands for which name; for people who have no photosync. */
const NAME_TABLE = "NAMES";

const OTHERS = SEALED_LAYOUT.bundles;
const ASIDE = "a/";
/** Found without a key, so that the way back needs nothing but age. */
const FIXED: ReadonlyMap<string, string> = new Map([
  [CHECKSUM_LIST, "sums.age"],
  [NAME_TABLE, "names.age"],
]);
const NONCE_BYTES = 16;
const HEAD_BYTES = HEADER_BYTES + NONCE_BYTES;
/** Longer than every name; the sealed name stays below the 255 characters that file systems take. */
const NAME_BYTES = 128;

/**
 * The sealing of a store whose key this is: every object is an age file of its own, and every name is sealed by AES-SIV, which gives equal
 * names equal forms and no other hint.
 */
export function ageSealing(identity: X25519Identity): Sealing {
  const names = sealedNames(identity);
  const envelopeOf = (head: Uint8Array, fileKey: Uint8Array): Envelope => ({
    note: Buffer.from(head).toString("base64"),
    seal(plain, mostBytes) {
      const counted = counting(plain, mostBytes);
      return {
        async *bytes() {
          yield head;
          yield* sealPayload(counted.bytes, payloadKey(fileKey, head.subarray(HEADER_BYTES)));
        },
        seen: counted.seen,
      };
    },
  });
  return {
    layout: SEALED_LAYOUT,
    isOrdered: false,
    nameTable: NAME_TABLE,
    objectOf: (name) =>
      FIXED.get(name) ?? `${isBlobKey(name) ? SEALED_LAYOUT.blobs : OTHERS}${names.seal(name)}`,
    asideOf: (key, tag) => `${ASIDE}${names.seal(key)}.${tag}`,
    nameOf(object) {
      for (const folder of [SEALED_LAYOUT.blobs, OTHERS])
        if (object.startsWith(folder)) return names.open(object.slice(folder.length));
      return null;
    },
    sealedBytes: (plainBytes) => HEAD_BYTES + sealedPayloadBytes(plainBytes),
    plainBytes: (sealedBytes) => plainPayloadBytes(sealedBytes - HEAD_BYTES),
    newEnvelope() {
      const { header, fileKey } = sealHeader(identity);
      return envelopeOf(Buffer.concat([header, randomBytes(NONCE_BYTES)]), fileKey);
    },
    envelopeOf(note) {
      const head = Buffer.from(note ?? "", "base64");
      const fileKey =
        head.length === HEAD_BYTES ? openHeader(head.subarray(0, HEADER_BYTES), identity) : null;
      return fileKey === null ? null : envelopeOf(head, fileKey);
    },
    async *open(read, range, broken) {
      try {
        yield* range === null ? openWhole(read, identity) : openRange(read, range, identity);
      } catch (error) {
        throw error instanceof BrokenPayload ? broken(error) : error;
      }
    },
  };
}

/** Names as they may be seen: all of one length. */
function sealedNames({ secretBytes }: X25519Identity): {
  seal(name: string): string;
  open(sealed: string): string | null;
} {
  const siv = aesSiv(new Uint8Array(hkdfSync("sha256", secretBytes, "", "photosync object names v1", 64)));
  return {
    seal(name) {
      const text = Buffer.alloc(NAME_BYTES);
      const length = Buffer.byteLength(name);
      if (length >= NAME_BYTES) throw new RangeError(`too long for a sealed name: ${name}`);
      text[0] = length;
      text.write(name, 1);
      return Buffer.from(siv.seal(text)).toString("base64url");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      // Decoding passes over what is none: copies of an object under names like its own would be the same blob once more.
      const text = bytes.toString("base64url") === sealed ? siv.open(bytes) : null;
      if (text === null) return null;
      const [length = 0] = text;
      return Buffer.from(text.subarray(1, 1 + length)).toString("utf8");
    },
  };
}

/** Passes bytes on and tells in the end what they were; stops where there are too many. */
function counting(
  plain: AsyncIterable<Uint8Array>,
  mostBytes: number,
): { readonly bytes: AsyncIterable<Uint8Array>; seen(): Seen } {
  const hasher = createHash("sha256");
  let sizeBytes = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of plain) {
      hasher.update(piece);
      sizeBytes += piece.length;
      yield piece;
      if (sizeBytes > mostBytes) return;
    }
  }
  return { bytes: bytes(), seen: () => ({ hash: contentHash(hasher.digest("hex")), sizeBytes }) };
}

/** The key of the payload whose head begins a stream, and the rest of that stream. */
async function openHead(
  sealed: AsyncIterator<Uint8Array>,
  identity: X25519Identity,
): Promise<{ readonly key: Uint8Array; readonly rest: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  for (let filled = 0; filled < HEAD_BYTES; ) {
    const { value, done } = await sealed.next();
    if (done === true) throw new BrokenPayload("it ends in its header");
    pieces.push(value);
    filled += value.length;
  }
  const all = Buffer.concat(pieces);
  const fileKey = openHeader(all.subarray(0, HEADER_BYTES), identity);
  if (fileKey === null) throw new BrokenPayload("its header is not one of this store");
  return { key: payloadKey(fileKey, all.subarray(HEADER_BYTES, HEAD_BYTES)), rest: all.subarray(HEAD_BYTES) };
}

async function* following(rest: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (rest.length > 0) yield rest;
  for (;;) {
    const { value, done } = await source.next();
    if (done === true) return;
    yield value;
  }
}

async function* openWhole(read: ReadStretch, identity: X25519Identity): AsyncGenerator<Uint8Array> {
  const source = read(0, null)[Symbol.asyncIterator]();
  try {
    const { key, rest } = await openHead(source, identity);
    yield* openPayload(following(rest, source), key, { first: 0, count: null });
  } finally {
    await source.return?.();
  }
}

async function* openRange(
  read: ReadStretch,
  [first, last]: readonly [number, number],
  identity: X25519Identity,
): AsyncGenerator<Uint8Array> {
  const from = Math.floor(first / CHUNK_BYTES);
  const to = Math.floor(last / CHUNK_BYTES);
  const end = HEAD_BYTES + (to + 1) * SEALED_CHUNK_BYTES - 1;
  // The head and the first chunk are one request.
  const source = read(0, from === 0 ? end : HEAD_BYTES - 1)[Symbol.asyncIterator]();
  try {
    const { key, rest } = await openHead(source, identity);
    const sealed = from === 0 ? following(rest, source) : read(HEAD_BYTES + from * SEALED_CHUNK_BYTES, end);
    let at = from * CHUNK_BYTES;
    for await (const plain of openPayload(sealed, key, { first: from, count: to - from + 1 })) {
      const part = plain.subarray(Math.max(0, first - at), last + 1 - at);
      at += plain.length;
      if (part.length > 0) yield part;
    }
  } finally {
    await source.return?.();
  }
}

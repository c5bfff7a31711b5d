import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/** How age cuts and seals what it encrypts: https://c2sp.org/age, "Payload" (STREAM of ChaCha20-Poly1305). */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
/** A chunk as it is stored. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const CIPHER = "chacha20-poly1305";

/** The key of one payload. */
export const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", fileKey, nonce, "payload", 32));

/** How many bytes a payload of so many has, without its nonce. */
export const sealedPayloadBytes = (plainBytes: number): number =>
  plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES));

/** The reverse; -1 for a size that no payload has. */
export function plainPayloadBytes(sealedBytes: number): number {
  const rest = sealedBytes % SEALED_CHUNK_BYTES;
  const plain = sealedBytes - TAG_BYTES * Math.ceil(sealedBytes / SEALED_CHUNK_BYTES);
  return sealedBytes < TAG_BYTES || (rest > 0 && rest <= TAG_BYTES && sealedBytes !== TAG_BYTES) ? -1 : plain;
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/**
 * Cuts a stream into chunks of `size`; the last one is what is left, and may be empty. Each is held until it is known whether it is the last, and is
 * the reader's until it asks for the next.
 */
async function* inChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly chunk: Uint8Array; readonly isLast: boolean }> {
  const held = new Uint8Array(size);
  let filled = 0;
  for await (const piece of source) {
    let at = 0;
    while (at < piece.length) {
      if (filled === size) {
        yield { chunk: held, isLast: false };
        filled = 0;
      }
      if (filled === 0 && piece.length - at > size) {
        yield { chunk: piece.subarray(at, at + size), isLast: false };
        at += size;
        continue;
      }
      const taken = piece.subarray(at, at + size - filled);
      held.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield { chunk: held.subarray(0, filled), isLast: true };
}

/** Seals chunk by chunk what a stream gives. What it yields belongs to the reader. */
export async function* sealPayload(
  plain: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let index = 0;
  for await (const { chunk, isLast } of inChunks(plain, CHUNK_BYTES)) {
    const cipher = createCipheriv(CIPHER, key, nonceOf(index++, isLast), { authTagLength: TAG_BYTES });
    yield cipher.update(chunk);
    cipher.final();
    yield cipher.getAuthTag();
  }
}

/** Thrown for chunks that are not as they were sealed, or end too early. */
export class BrokenPayload extends Error {}

/** A stretch of a payload. */
export interface Stretch {
  /** The first chunk of it. */
  readonly first: number;
  /** So many chunks were asked for; null for all to the end. */
  readonly count: number | null;
}

/**
 * Opens the chunks of a stretch; it may be shorter than it was asked for only where the payload ends there. Nothing of a chunk is given before
 * all of it was found authentic. Throws `BrokenPayload`.
 */
export async function* openPayload(
  sealed: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  { first, count }: Stretch,
): AsyncGenerator<Uint8Array> {
  let index = first;
  const open = (chunk: Uint8Array, isLast: boolean): Uint8Array | null => {
    const decipher = createDecipheriv(CIPHER, key, nonceOf(index, isLast), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(chunk.subarray(chunk.length - TAG_BYTES));
    const plain = decipher.update(chunk.subarray(0, chunk.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return plain;
  };
  const openLast = (chunk: Uint8Array): Uint8Array => {
    if (chunk.length < TAG_BYTES) throw new BrokenPayload("it ends too early");
    const isAsked = count !== null && index + 1 - first === count && chunk.length === SEALED_CHUNK_BYTES;
    const plain = (isAsked ? open(chunk, false) : null) ?? open(chunk, true);
    if (plain === null) throw new BrokenPayload("it is changed or cut off at its end");
    // Only the first chunk may be empty.
    if (plain.length === 0 && index > 0) throw new BrokenPayload("it ends with an empty chunk");
    return plain;
  };
  for await (const { chunk, isLast } of inChunks(sealed, SEALED_CHUNK_BYTES)) {
    if (isLast) {
      // A range that begins beyond the end has nothing.
      if (chunk.length > 0 || index > first || first === 0) yield openLast(chunk);
      return;
    }
    const plain = open(chunk, false);
    if (plain === null) throw new BrokenPayload(`chunk ${index} is not as it was sealed`);
    yield plain;
    index++;
  }
}

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

/** Seals chunk by chunk what a stream gives. What it yields belongs to the reader. */
export async function* sealPayload(
  plain: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array> {
  // A chunk is held until it is known whether it is the last.
  const held = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  let index = 0;
  function* seal(chunk: Uint8Array, isLast: boolean): Generator<Uint8Array> {
    const cipher = createCipheriv(CIPHER, key, nonceOf(index++, isLast), { authTagLength: TAG_BYTES });
    yield cipher.update(chunk);
    cipher.final();
    yield cipher.getAuthTag();
  }
  for await (const piece of plain) {
    let at = 0;
    while (at < piece.length) {
      if (filled === CHUNK_BYTES) {
        yield* seal(held, false);
        filled = 0;
      }
      if (filled === 0 && piece.length - at > CHUNK_BYTES) {
        yield* seal(piece.subarray(at, at + CHUNK_BYTES), false);
        at += CHUNK_BYTES;
        continue;
      }
      const taken = piece.subarray(at, at + CHUNK_BYTES - filled);
      held.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield* seal(held.subarray(0, filled), true);
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
  let held = new Uint8Array(SEALED_CHUNK_BYTES);
  let filled = 0;
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
    index++;
    return plain;
  };
  const inner = (chunk: Uint8Array): Uint8Array => {
    const plain = open(chunk, false);
    if (plain === null) throw new BrokenPayload(`chunk ${index} is not as it was sealed`);
    return plain;
  };
  for await (const piece of sealed) {
    let at = 0;
    while (at < piece.length) {
      if (filled === SEALED_CHUNK_BYTES) {
        yield inner(held);
        filled = 0;
      }
      if (filled === 0 && piece.length - at > SEALED_CHUNK_BYTES) {
        yield inner(piece.subarray(at, at + SEALED_CHUNK_BYTES));
        at += SEALED_CHUNK_BYTES;
        continue;
      }
      const taken = piece.subarray(at, at + SEALED_CHUNK_BYTES - filled);
      held.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  held = held.subarray(0, filled);
  // A range that begins beyond the end has nothing.
  if (filled === 0 && index === first && first > 0) return;
  if (filled < TAG_BYTES) throw new BrokenPayload("it ends too early");
  const isAsked = count !== null && index + 1 - first === count && filled === SEALED_CHUNK_BYTES;
  const plain = (isAsked ? open(held, false) : null) ?? open(held, true);
  if (plain === null) throw new BrokenPayload("it is changed or cut off at its end");
  // Only the first chunk may be empty.
  if (plain.length === 0 && index > 1) throw new BrokenPayload("it ends with an empty chunk");
  yield plain;
}

import { createHash } from "node:crypto";
import { type ContentHash, contentHash, type PhotoId, uuidV5 } from "../domain/ids.js";
import type { Call } from "../ports/call.js";
import { digestWhole } from "./digest-whole.js";
import { untilAborted } from "./until-aborted.js";

/** The content hash of these bytes. */
export const sha256Of = (bytes: Uint8Array): ContentHash =>
  contentHash(createHash("sha256").update(bytes).digest("hex"));

/** Below this, handing bytes to another thread costs more than hashing them. */
const ASIDE_BYTES = 64 * 1024;

/** The content hash of these bytes, made in Node's thread pool where they are many; they must not change meanwhile. */
export async function sha256Aside(bytes: Uint8Array): Promise<ContentHash> {
  if (bytes.length < ASIDE_BYTES) return sha256Of(bytes);
  return digestWhole(bytes);
}

/** The 20 bytes of SHA-1, which UUIDv5 is defined on (RFC 9562, section 5.5); never used to prove bytes. */
export const sha1Bytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha1").update(bytes).digest());

/** The 64 hex digits of the SHA-256 of a text in UTF-8. */
export const digestOf = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** Half of the SHA-256 of a text in UTF-8, in 22 characters: for keys that are kept by the hundred thousand. */
export const shortDigestOf = (text: string): string =>
  createHash("sha256").update(text, "utf8").digest().subarray(0, 16).toString("base64url");

/** The id of the photo whose first original has this hash: the same on every machine that finds the same bytes. */
export const photoIdOf = (hash: ContentHash): PhotoId => uuidV5(hash, sha1Bytes);

/** The id of a photo that is known only by what a service calls it; it keeps this id when its bytes arrive. */
export const photoIdOfService = (service: string, id: string): PhotoId =>
  uuidV5(`${service}:${id}`, sha1Bytes);

/**
 * Reads a stream to its end and tells its content hash and size, holding one chunk at a time. `onChunk` sees each chunk
 * first and is waited for, so that bytes can be kept while they are hashed. Throws `cancelled` after an abort;
 * what the stream or `onChunk` throws passes through, and the stream is closed.
 */
export async function hashStream(
  chunks: AsyncIterable<Uint8Array>,
  call: Call,
  onChunk?: (chunk: Uint8Array) => void | Promise<void>,
): Promise<{ readonly hash: ContentHash; readonly sizeBytes: number }> {
  const hasher = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of untilAborted(chunks, call)) {
    await onChunk?.(chunk);
    hasher.update(chunk);
    sizeBytes += chunk.length;
  }
  return { hash: contentHash(hasher.digest("hex")), sizeBytes };
}

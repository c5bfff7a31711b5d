import { blobKey } from "../../src/domain/ids.js";
import { photoIdOf, sha256Of } from "../../src/infra/hash.js";
import type { BlobSource } from "../../src/ports/blob-store.js";

/** Bytes that look random and are the same in every run. */
export function sampleBytes(sizeBytes: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed + 1;
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** A blob of these bytes, taken in this month, given in chunks. */
export function blobOf(bytes: Uint8Array, month = "2024-01", chunkBytes = 64 * 1024): BlobSource {
  const hash = sha256Of(bytes);
  return {
    key: blobKey(month === "undated" ? null : `${month}-15T10:30:00`, photoIdOf(hash), hash, "jpg"),
    hash,
    sizeBytes: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

/** All the bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

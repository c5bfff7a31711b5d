import { type Failure, failureOf, PhotosyncError } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import type { BufferPool } from "../../infra/buffer-pool.js";
import { digestWhole } from "../../infra/digest-whole.js";
import { hashStream, sha256Of } from "../../infra/hash.js";
import { cancelled, untilAborted } from "../../infra/until-aborted.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Run } from "../../ports/phase.js";
import { namesItsBytes } from "../replicate/misnamed.js";
import type { RecordedReplica, VerifyFinding } from "./finding.js";

/** Up to this size a replica is held whole while it is hashed; of bigger ones only a chunk. */
const WHOLE_BYTES = 8 * 1024 * 1024;

const REFILL =
  "Run: photosync verify --repair --deep, which copies it there again from where its bytes are right; wrong bytes are set aside, never deleted.";

const missing = (replica: RecordedReplica, store: string): Failure => ({
  subject: replica.photo_id,
  code: "replica.missing",
  message: `Store ${store} has no ${replica.key}, although it was proven there before.`,
  hint: REFILL,
});

const corrupt = (replica: RecordedReplica, store: string, found: string): Failure => ({
  subject: replica.photo_id,
  code: "replica.corrupt",
  message: `Store ${store} holds wrong bytes at ${replica.key}: expected ${replica.hash} (${replica.bytes} bytes), found ${found}.`,
  hint: REFILL,
});

const isCode = (error: unknown, code: string): boolean =>
  error instanceof PhotosyncError && error.code === code;

/** A key that names other bytes than its document's: mending there would put one photo's bytes in another's place. */
const misnamed = (replica: RecordedReplica, store: string): Failure => ({
  subject: replica.photo_id,
  code: "replica.misnamed",
  message: `The document names ${replica.key} in store ${store} for bytes whose hash is ${replica.hash}: that key is of other bytes.`,
  hint: "Take the document's last good version from Git: photosync show tells its path, git log what changed it.",
});

/** A record that speaks of another file than the blob's own: whatever stands there, this blob was never proven by it. */
const misrecorded = (replica: RecordedReplica, store: string): Failure => ({
  subject: replica.photo_id,
  code: "replica.misrecorded",
  message: `The document records its copy in store ${store} under another key than ${replica.key}, so nothing tells that the copy was ever proven.`,
  hint: "Run: photosync verify --repair, which proves the bytes under the right key, or brings them there, and records that.",
});

/** What the size that a store tells of a replica says; `null` when only reading it can tell more. */
export function judgeSize(
  replica: RecordedReplica,
  store: string,
  foundBytes: number | undefined,
): VerifyFinding | null {
  const unread = { ...replica, store, bytes_read: 0, read_whole: false };
  if (!namesItsBytes(replica)) return { ...unread, kind: "corrupt", failure: misnamed(replica, store) };
  if (replica.misrecorded === true) {
    const failure = misrecorded(replica, store);
    return {
      ...unread,
      kind: "missing",
      failure,
      ...(foundBytes !== undefined && { held_bytes: foundBytes }),
    };
  }
  if (foundBytes === undefined) return { ...unread, kind: "missing", failure: missing(replica, store) };
  if (foundBytes === replica.bytes) return null;
  return { ...unread, kind: "corrupt", failure: corrupt(replica, store, `${foundBytes} bytes`) };
}

/** What the checksum that a store keeps of a replica says; `null` when it is the right one, or there is none. */
export function judgeChecksum(
  replica: RecordedReplica,
  store: string,
  kept: ContentHash | null,
): VerifyFinding | null {
  if (kept === null || kept === replica.hash) return null;
  const failure = corrupt(replica, store, `${kept}, as the store itself says`);
  return { ...replica, store, bytes_read: 0, read_whole: false, kind: "corrupt", failure };
}

/** The hash of the bytes that a store gives. Those of a small replica are gathered and hashed beside the main thread. */
async function hashOf(
  replica: RecordedReplica,
  store: BlobStore,
  buffers: BufferPool,
  run: Run,
  onChunk: (chunk: Uint8Array) => void,
): Promise<ContentHash> {
  if (replica.bytes > WHOLE_BYTES) return (await hashStream(store.get(replica.key, run), run, onChunk)).hash;
  return buffers.lend(replica.bytes, async (buffer) => {
    let filled = 0;
    for await (const chunk of untilAborted(store.get(replica.key, { ...run, into: buffer }), run)) {
      onChunk(chunk);
      // It grew since its size was asked: wrong already, whatever the rest is.
      if (filled + chunk.length > buffer.length) return sha256Of(chunk);
      const isThere = chunk.buffer === buffer.buffer && chunk.byteOffset === buffer.byteOffset + filled;
      if (!isThere) buffer.set(chunk, filled);
      filled += chunk.length;
    }
    return digestWhole(buffer.subarray(0, filled));
  });
}

/**
 * Reads every byte of a replica and compares the hash. What cannot be read to its end is corrupt, with the store's own error; what lies in an archive is
 * unchecked.
 * Throws `store.unavailable` when the store went away, and `cancelled`.
 */
export async function readReplica(
  replica: RecordedReplica,
  store: BlobStore,
  buffers: BufferPool,
  run: Run,
): Promise<VerifyFinding> {
  let bytes_read = 0;
  const found = (read_whole: boolean) => ({ ...replica, store: store.name, bytes_read, read_whole });
  try {
    const hash = await hashOf(replica, store, buffers, run, (chunk) => {
      bytes_read += chunk.length;
      run.progress.advance({ bytes: chunk.length });
    });
    if (hash === replica.hash && bytes_read === replica.bytes) return { ...found(true), kind: "ok" };
    const failure = corrupt(replica, store.name, `${hash} (${bytes_read} bytes)`);
    return { ...found(bytes_read === replica.bytes), kind: "corrupt", failure };
  } catch (error) {
    if (run.signal.aborted) throw cancelled(run);
    if (isCode(error, "store.unavailable")) throw error;
    // It may be as right as ever: nobody can tell before it was asked back.
    if (isCode(error, "store.archived"))
      return {
        kind: "unchecked",
        store: store.name,
        replicas: 1,
        failure: failureOf(replica.photo_id, error),
      };
    return isCode(error, "blob.not-found")
      ? { ...found(false), kind: "missing", failure: missing(replica, store.name) }
      : { ...found(false), kind: "corrupt", failure: failureOf(replica.photo_id, error) };
  }
}

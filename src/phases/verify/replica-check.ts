import { type Failure, failureOf, PhotosyncError } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import { hashStream } from "../../infra/hash.js";
import { cancelled } from "../../infra/until-aborted.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Run } from "../../ports/phase.js";
import type { VerifyFinding } from "./finding.js";

/** A replica as its document records it. */
export interface RecordedReplica {
  readonly photo_id: PhotoId;
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
}

const REFILL =
  "Run: photosync replicate --execute, which copies it there again from another store or its source; wrong bytes are set aside, never deleted.";

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

/** What the size that a store tells of a replica says; `null` when only reading it can tell more. */
export function judgeSize(
  replica: RecordedReplica,
  store: string,
  foundBytes: number | undefined,
): VerifyFinding | null {
  const { photo_id, key } = replica;
  if (foundBytes === undefined) {
    return { kind: "missing", photo_id, store, key, bytes_read: 0, failure: missing(replica, store) };
  }
  if (foundBytes === replica.bytes) return null;
  const failure = corrupt(replica, store, `${foundBytes} bytes`);
  return { kind: "corrupt", photo_id, store, key, bytes_read: 0, failure };
}

/**
 * Reads every byte of a replica and compares the hash. What cannot be read to its end is corrupt, with the store's own error.
 * Throws `store.unavailable` when the store went away, and `cancelled`.
 */
export async function readReplica(
  replica: RecordedReplica,
  store: BlobStore,
  run: Run,
): Promise<VerifyFinding> {
  const { photo_id, key } = replica;
  let bytes_read = 0;
  try {
    const { hash } = await hashStream(store.get(key, run), run, (chunk) => {
      bytes_read += chunk.length;
      run.progress.advance({ bytes: chunk.length });
    });
    if (hash === replica.hash) return { kind: "ok", photo_id, store: store.name, key, bytes_read };
    const failure = corrupt(replica, store.name, `${hash} (${bytes_read} bytes)`);
    return { kind: "corrupt", photo_id, store: store.name, key, bytes_read, failure };
  } catch (error) {
    if (run.signal.aborted) throw cancelled(run);
    if (isCode(error, "store.unavailable")) throw error;
    if (isCode(error, "blob.not-found")) {
      return {
        kind: "missing",
        photo_id,
        store: store.name,
        key,
        bytes_read,
        failure: missing(replica, store.name),
      };
    }
    return {
      kind: "corrupt",
      photo_id,
      store: store.name,
      key,
      bytes_read,
      failure: failureOf(photo_id, error),
    };
  }
}

import type { BlobKey } from "../../domain/ids.js";
import type { BufferPool } from "../../infra/buffer-pool.js";
import type { Time } from "../../infra/http/time.js";
import type { Capabilities } from "./s3-capabilities.js";
import type { Keeping } from "./s3-keeping.js";
import type { S3Requests } from "./s3-requests.js";
import type { UploadNotes } from "./upload-notes.js";

/** What the parts of one S3 store share. */
export interface S3Parts {
  readonly name: string;
  readonly requests: S3Requests;
  readonly keeping: Keeping;
  readonly buffers: BufferPool;
  readonly notes: UploadNotes;
  readonly time: Time;
  readonly random: () => number;
  readonly idleMs: number;
  /** Up to this size objects are sent whole. */
  readonly wholeBytes: number;
  /** The least size of a part that is not the last; 5 MiB or more. */
  readonly partBytes: number;
  /** The whole key of a name in the store. */
  objectOf(name: string): string;
  /** Whole key of a blob. Throws `bug.blob-key` for a text that is none. */
  blobObject(key: BlobKey): string;
}

/** The same with what its server can do. */
export interface ProbedParts extends S3Parts {
  readonly can: Capabilities;
}

import { PhotosyncError } from "../../domain/errors.js";
import { type BlobKey, isBlobKey } from "../../domain/ids.js";
import type { BufferPool } from "../../infra/buffer-pool.js";
import type { Time } from "../../infra/http/time.js";
import type { LibraryHistory } from "../../ports/library-history.js";
import type { BodyChecks } from "./probing/body-checks.js";
import type { Capabilities } from "./probing/s3-capabilities.js";
import type { S3Requests } from "./requests/s3-requests.js";
import type { Layout, Sealing } from "./sealing/sealing.js";
import type { Keeping } from "./settings/s3-keeping.js";
import type { UploadNotes } from "./writing/upload-notes.js";

/** What the parts of one S3 store share before it is known how its objects are to be read. */
export interface S3Ground {
  readonly name: string;
  /** The library whose store it is; null where that is not known, and so not asked. */
  readonly library: LibraryHistory | null;
  readonly requests: S3Requests;
  readonly keeping: Keeping;
  readonly buffers: BufferPool;
  /** For what is set aside while its successor's bytes are held in one of the others: waiting for those would never end. */
  readonly asideBuffers: BufferPool;
  readonly notes: UploadNotes;
  readonly bodyChecks: BodyChecks;
  readonly time: Time;
  readonly random: () => number;
  readonly idleMs: number;
  /** Up to this size objects are sent whole. */
  readonly wholeBytes: number;
  /** The least size of a part that is not the last; 5 MiB or more. */
  readonly partBytes: number;
  readonly layout: Layout;
}

/** The same once its objects can be read and written. */
export interface S3Parts extends S3Ground {
  readonly sealing: Sealing;
  /** The whole key of a name in the store. */
  objectOf(name: string): string;
  /** Whole key of a blob. Throws `bug.blob-key` for a text that is none. */
  blobObject(key: BlobKey): string;
}

/** The first with what its server can do. */
export interface ProbedGround extends S3Ground {
  readonly can: Capabilities;
}

/** Both. */
export type ProbedParts = S3Parts & ProbedGround;

/** A store whose objects are read and written that way. */
export function withSealing<G extends S3Ground>(ground: G, sealing: Sealing): G & S3Parts {
  const { prefix } = ground.requests.place;
  return {
    ...ground,
    sealing,
    objectOf: (name) => prefix + sealing.objectOf(name),
    blobObject(key) {
      if (isBlobKey(key)) return prefix + sealing.objectOf(key);
      throw new PhotosyncError({
        kind: "bug",
        code: "bug.blob-key",
        message: `Not the key of a blob: ${key}`,
      });
    },
  };
}

import { PhotosyncError } from "../../../domain/errors.js";
import type { ContentHash } from "../../../domain/ids.js";
import { hashStream } from "../../../infra/hash.js";
import type { Call } from "../../../ports/call.js";
import { base64Of, headObject, type ObjectHead } from "../objects/s3-objects.js";
import { archived } from "../reading/archive.js";
import { readObject } from "../reading/read-object.js";
import { readOpened } from "../reading/read-opened.js";
import type { S3Parts } from "../s3-parts.js";
import { compositeOf } from "./composite-checksum.js";
import { partBytesFor } from "./send-parts.js";

/** What stands under a key: nothing, the right bytes (proven now), or others. */
export type Standing =
  | { readonly kind: "absent" }
  | { readonly kind: "right" }
  | { readonly kind: "wrong"; readonly head: ObjectHead };

/** What should stand there; with `open`, its bytes can be had from elsewhere. */
export interface Expected {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly open?: () => AsyncIterable<Uint8Array>;
}

/** Thrown by a reading that finds nothing; never leaves this file. */
const GONE = new Error("the object went away");

/** Reads the object, whatever the server says of it: what rotted after it was stored keeps the checksum that it was stored with. */
export async function judgeObject(
  parts: S3Parts,
  key: string,
  expected: Expected,
  call: Call,
): Promise<Standing> {
  const head = await headObject(parts.requests, key, call);
  if (head === null) return { kind: "absent" };
  if (head.sizeBytes !== parts.sealing.sealedBytes(expected.sizeBytes)) return { kind: "wrong", head };
  if (head.archived !== null) return judgeArchived(parts, key, head, expected, call);
  const damaged = new Error("not as it was sealed");
  // A bit may have turned on the way here: wrong is what is wrong twice.
  for (let turn = 0; turn < 2; turn++) {
    const read = await hashRead(
      (absent) => readOpened(parts, key, null, { absent: async () => absent, damaged: () => damaged }, call),
      call,
    ).catch((error: unknown) => {
      if (error === damaged) return damaged;
      throw error;
    });
    if (read === null) return { kind: "absent" };
    if (!(read instanceof Error) && read.hash === expected.hash && read.sizeBytes === expected.sizeBytes)
      return { kind: "right" };
  }
  return { kind: "wrong", head };
}

/**
 * What lies in an archive is right where the server keeps the checksum that these bytes have, whole or in parts as they are sent. Throws
 * `store.archived` where that cannot be told.
 */
async function judgeArchived(
  parts: S3Parts,
  key: string,
  head: ObjectHead,
  { hash, sizeBytes, open }: Expected,
  call: Call,
): Promise<Standing> {
  if (head.sha256 === base64Of(hash)) return { kind: "right" };
  if (head.composite !== null && open !== undefined) {
    const partBytes = partBytesFor(sizeBytes, parts.partBytes);
    if (head.composite === (await compositeOf(open(), partBytes, call))) return { kind: "right" };
  }
  throw archived(parts.name, key);
}

/** The hash of what a server gives, sealed or not; null where there is no such object. */
export const hashOfObject = (
  parts: S3Parts,
  key: string,
  call: Call,
): Promise<{ readonly hash: ContentHash; readonly sizeBytes: number } | null> =>
  hashRead((absent) => readObject(parts.requests, key, null, async () => absent, parts, call), call);

async function hashRead(
  read: (absent: Error) => AsyncIterable<Uint8Array>,
  call: Call,
): Promise<{ readonly hash: ContentHash; readonly sizeBytes: number } | null> {
  try {
    return await hashStream(read(GONE), call);
  } catch (error) {
    if (error === GONE) return null;
    throw error;
  }
}

/** `store.unreliable` (integrity): the store gave back other bytes than it was given. */
export const unreliable = (store: string, key: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `Store ${store} did not keep the bytes of ${key} as they were given to it; they were removed there again.`,
    next: ["Run the same command again; should it happen again, do not rely on this store."],
    data: { store, key },
  });

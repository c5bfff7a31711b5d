import { Readable } from "node:stream";
import { PhotosyncError } from "../../domain/errors.js";
import { type ContentHash, hexOf } from "../../domain/ids.js";
import type { Call } from "../../ports/call.js";
import { type ArchiveState, archiveState } from "./archive-state.js";
import { isWordlessRefusal } from "./s3-errors.js";
import type { Keeping } from "./s3-keeping.js";
import { BEFORE_SIGNING, type S3Requests, signedAs, whereSaid } from "./s3-requests.js";

/** What a server tells of an object without its bytes. */
export interface ObjectHead {
  readonly sizeBytes: number;
  readonly etag: string;
  /** SHA-256 of the whole object in base64, where the server keeps and tells one. */
  readonly sha256: string | null;
  /** The same of an object in parts: the checksum of their checksums, and how many they were. */
  readonly composite: string | null;
  readonly storageClass: string;
  readonly archived: ArchiveState;
}

/** What goes with the bytes of an object. */
export interface Sent {
  readonly bytes: Uint8Array;
  readonly hash: ContentHash;
  /** Also as `x-amz-checksum-sha256`, for servers that keep it. */
  readonly withChecksum: boolean;
  /** Only where nothing has the key. */
  readonly ifAbsent: boolean;
}

/** `taken`: something has the key, and `ifAbsent` was asked. */
export type Written =
  | {
      readonly kind: "written";
      readonly etag: string;
      readonly sha256: string | null;
      readonly encryption: string | null;
    }
  | { readonly kind: "taken" };

export const base64Of = (hash: ContentHash): string => Buffer.from(hexOf(hash), "hex").toString("base64");

/**
 * Asks what an object is; null where there is none. A missing bucket cannot be told from a missing object here. A refusal has no words, so its
 * first byte is asked for then: it takes the same permission, and what refuses it says why.
 */
export function headObject(requests: S3Requests, key: string, call: Call): Promise<ObjectHead | null> {
  const { bucket } = requests.place;
  return requests.send(
    "look at objects",
    "read",
    async ({ sdk, client }, options) => {
      const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" });
      const head = await client
        .send(command, options)
        .catch(async (error: unknown) => {
          if (!isWordlessRefusal(error)) throw error;
          const first = new sdk.GetObjectCommand({ Bucket: bucket, Key: key, Range: "bytes=0-0" });
          const { Body: body } = await client.send(first, options);
          if (body instanceof Readable) body.destroy();
          throw error;
        })
        .catch(whereSaid(null, "NotFound", "NoSuchKey"));
      if (head === null) return null;
      const whole = head.ChecksumType !== "COMPOSITE" && !head.ChecksumSHA256?.includes("-");
      return {
        sizeBytes: head.ContentLength ?? 0,
        etag: head.ETag ?? "",
        sha256: whole ? (head.ChecksumSHA256 ?? null) : null,
        composite: whole ? null : (head.ChecksumSHA256 ?? null),
        storageClass: head.StorageClass ?? "STANDARD",
        archived: archiveState(head),
      };
    },
    call,
  );
}

/** Writes an object whole. The body's hash is signed, so that a server that checks signatures cannot take other bytes for it. */
export function putObject(
  requests: S3Requests,
  key: string,
  { bytes, hash, withChecksum, ifAbsent }: Sent,
  keeping: Keeping,
  call: Call,
): Promise<Written> {
  const { bucket } = requests.place;
  return requests.send(
    "write objects",
    "bytes",
    async ({ sdk, client }, options): Promise<Written> => {
      const command = new sdk.PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: requests.bodies(bytes, { signal: options.abortSignal }),
        ContentLength: bytes.length,
        ...(withChecksum ? { ChecksumSHA256: base64Of(hash) } : {}),
        ...(ifAbsent ? { IfNoneMatch: "*" } : {}),
        ...keeping,
      });
      command.middlewareStack.add(signedAs(hash), BEFORE_SIGNING);
      const answer = await client.send(command, options).catch(whereSaid(null, "PreconditionFailed"));
      if (answer === null) return { kind: "taken" };
      return {
        kind: "written",
        etag: answer.ETag ?? "",
        sha256: answer.ChecksumSHA256 ?? null,
        encryption: answer.ServerSideEncryption ?? null,
      };
    },
    call,
  );
}

/** An object's bytes as they arrive. */
export interface ObjectBody {
  readonly body: Readable;
  /** How much there is to come; null where the server does not say. */
  readonly sizeBytes: number | null;
  readonly etag: string;
}

/**
 * Opens an object from `first` to `last` (both included), or to its end. Null where there is none; `beyond` where it has no byte there.
 * With `etag`, `changed` where it is another object by now.
 */
export function openObject(
  requests: S3Requests,
  key: string,
  range: { readonly first: number; readonly last: number | null; readonly etag?: string },
  call: Call,
): Promise<ObjectBody | null | "beyond" | "changed"> {
  const { bucket } = requests.place;
  const { first, last, etag } = range;
  return requests.send(
    "read objects",
    "bytes",
    async ({ sdk, client }, options): Promise<ObjectBody | null | "beyond" | "changed"> => {
      const command = new sdk.GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(first > 0 || last !== null ? { Range: `bytes=${first}-${last ?? ""}` } : {}),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      });
      const answer = await client
        .send(command, options)
        .catch(whereSaid(null, "NoSuchKey", "NotFound"))
        .catch(whereSaid("beyond" as const, "InvalidRange"))
        .catch(whereSaid("changed" as const, "PreconditionFailed"));
      if (answer === null || typeof answer === "string") return answer;
      const { Body: body, ContentRange: given } = answer;
      if (!(body instanceof Readable)) return "beyond";
      const sizeBytes = answer.ContentLength ?? null;
      if (first > 0 && !given?.startsWith(`bytes ${first}-`)) {
        body.destroy();
        throw new PhotosyncError({
          kind: "integrity",
          code: "store.unreliable",
          message: `Store ${requests.store} was asked for a part of an object and gave another one.`,
          next: ["Run: photosync doctor"],
        });
      }
      return { body, sizeBytes, etag: answer.ETag ?? "" };
    },
    call,
  );
}

/** Removes an object; nothing to do where there is none. Tells whether its bucket keeps versions, so that what was there stays as one. */
export function removeObject(requests: S3Requests, key: string, call: Call): Promise<boolean> {
  const { bucket } = requests.place;
  return requests.send(
    "remove objects",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key });
      return (await client.send(command, options)).DeleteMarker === true;
    },
    call,
  );
}

/** Copies an object within its bucket; false where the server does not copy this one, so that its bytes have to travel. */
export function copyObject(
  requests: S3Requests,
  from: string,
  to: string,
  keeping: Keeping,
  call: Call,
): Promise<boolean> {
  const { bucket } = requests.place;
  return requests.send(
    "copy objects",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.CopyObjectCommand({
        Bucket: bucket,
        Key: to,
        CopySource: `${bucket}/${from.split("/").map(encodeURIComponent).join("/")}`,
        ...keeping,
      });
      const copied = await client
        .send(command, options)
        .catch(
          whereSaid(
            null,
            "NotImplemented",
            "InvalidRequest",
            "MethodNotAllowed",
            "AccessDenied",
            "EntityTooLarge",
          ),
        );
      return copied !== null;
    },
    call,
  );
}

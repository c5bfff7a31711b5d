import type { Readable } from "node:stream";
import { PhotosyncError } from "../../../domain/errors.js";
import { type ContentHash, hexOf } from "../../../domain/ids.js";
import type { Call } from "../../../ports/call.js";
import { isWordlessRefusal } from "../requests/s3-errors.js";
import { type S3Requests, whereSaid } from "../requests/s3-requests.js";
import type { WireRequest } from "../requests/s3-wire.js";
import { type Keeping, keepingHeaders } from "../settings/s3-keeping.js";
import { type ArchiveState, archiveState } from "./archive-state.js";

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
  /** True where the hash is what the bytes should have, and the server is to find out. */
  readonly isUnproven?: boolean;
}

/** Every way in which servers refuse a body that is not what was said of it. */
export const REFUSED_BODY: readonly string[] = [
  "BadDigest",
  "XAmzContentSHA256Mismatch",
  "XAmzContentChecksumMismatch",
  "InvalidDigest",
  "InvalidRequest",
  "InvalidArgument",
  "SignatureDoesNotMatch",
];

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
  return requests.ask(
    "look at objects",
    "read",
    async (wire, options) => {
      const headers = { "x-amz-checksum-mode": "ENABLED" };
      const head = await wire
        .ask({ method: "HEAD", key, headers }, options)
        .catch(async (error: unknown) => {
          if (!isWordlessRefusal(error)) throw error;
          const first = { method: "GET", key, headers: { range: "bytes=0-0" } } as const;
          (await wire.ask(first, options)).body?.destroy();
          throw error;
        })
        .catch(whereSaid(null, "NotFound", "NoSuchKey"));
      if (head === null) return null;
      const checksum = head.header("x-amz-checksum-sha256");
      const whole = head.header("x-amz-checksum-type") !== "COMPOSITE" && checksum?.includes("-") !== true;
      const storageClass = head.header("x-amz-storage-class");
      return {
        sizeBytes: Number(head.header("content-length") ?? 0),
        etag: head.header("etag") ?? "",
        sha256: whole ? checksum : null,
        composite: whole ? null : checksum,
        storageClass: storageClass ?? "STANDARD",
        archived: archiveState({
          storageClass,
          restore: head.header("x-amz-restore"),
          tier: head.header("x-amz-archive-status"),
        }),
      };
    },
    call,
  );
}

/** A request that writes an object whole, whatever hash its bytes have. */
export const writing = (
  key: string,
  { bytes, hash, withChecksum, ifAbsent }: Sent,
  body: Uint8Array | Readable,
  keeping: Keeping,
): WireRequest => ({
  method: "PUT",
  key,
  headers: {
    ...keepingHeaders(keeping),
    ...(withChecksum ? { "x-amz-checksum-sha256": base64Of(hash) } : {}),
    ...(ifAbsent ? { "if-none-match": "*" } : {}),
  },
  body: { bytes: body, sizeBytes: bytes.length, hash },
});

/**
 * Writes an object whole. The body's hash is signed, so that a server that checks signatures cannot take other bytes for it. `refused`: where the
 * bytes are unproven, they are not what was signed, or the request was not.
 */
export function putObject(
  requests: S3Requests,
  key: string,
  sent: Sent,
  keeping: Keeping,
  call: Call,
): Promise<Written | { readonly kind: "refused" }> {
  return requests.ask(
    "write objects",
    "bytes",
    async (wire, options): Promise<Written | { readonly kind: "refused" }> => {
      const body = requests.bodies(sent.bytes, { signal: options.abortSignal });
      const answer = await wire
        .ask(writing(key, sent, body, keeping), options)
        .catch(whereSaid("taken" as const, "PreconditionFailed"))
        .catch(whereSaid("refused" as const, ...(sent.isUnproven === true ? REFUSED_BODY : [])));
      if (typeof answer === "string") return { kind: answer };
      return {
        kind: "written",
        etag: answer.header("etag") ?? "",
        sha256: answer.header("x-amz-checksum-sha256"),
        encryption: answer.header("x-amz-server-side-encryption"),
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
  const { first, last, etag } = range;
  return requests.ask(
    "read objects",
    "bytes",
    async (wire, options): Promise<ObjectBody | null | "beyond" | "changed"> => {
      const headers = {
        ...(first > 0 || last !== null ? { range: `bytes=${first}-${last ?? ""}` } : {}),
        ...(etag === undefined ? {} : { "if-match": etag }),
      };
      const answer = await wire
        .ask({ method: "GET", key, headers }, options)
        .catch(whereSaid(null, "NoSuchKey", "NotFound"))
        .catch(whereSaid("beyond" as const, "InvalidRange"))
        .catch(whereSaid("changed" as const, "PreconditionFailed"));
      if (answer === null || typeof answer === "string") return answer;
      const { body } = answer;
      if (body === null) return "beyond";
      if (first > 0 && answer.header("content-range")?.startsWith(`bytes ${first}-`) !== true) {
        body.destroy();
        throw new PhotosyncError({
          kind: "integrity",
          code: "store.unreliable",
          message: `Store ${requests.store} was asked for a part of an object and gave another one.`,
          next: ["Run: photosync doctor"],
        });
      }
      const length = answer.header("content-length");
      return {
        body,
        sizeBytes: length === null ? null : Number(length),
        etag: answer.header("etag") ?? "",
      };
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

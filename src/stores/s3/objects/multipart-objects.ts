import type { ContentHash } from "../../../domain/ids.js";
import type { Call } from "../../../ports/call.js";
import { textOf } from "../requests/body-text.js";
import { type S3Requests, whereSaid } from "../requests/s3-requests.js";
import type { Keeping } from "../settings/s3-keeping.js";
import { brokenListing, nextPage } from "./list-objects.js";
import { base64Of, type Written } from "./s3-objects.js";

/** An upload in parts that was begun and not finished. */
export interface BegunUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedMs: number;
}

/** A part that the server has. */
export interface SentPart {
  readonly number: number;
  readonly etag: string;
  /** In base64, where the server checks and keeps it. */
  readonly sha256: string | null;
  readonly sizeBytes: number;
}

/** Begins an upload in parts; tells its id, and how the server says that it will encrypt the object. */
export function beginUpload(
  requests: S3Requests,
  key: string,
  { keeping, withChecksum }: { readonly keeping: Keeping; readonly withChecksum: boolean },
  call: Call,
): Promise<{ readonly uploadId: string; readonly encryption: string | null }> {
  const { bucket } = requests.place;
  return requests.send(
    "begin uploads in parts",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        ...(withChecksum ? { ChecksumAlgorithm: "SHA256" as const, ChecksumType: "COMPOSITE" as const } : {}),
        ...keeping,
      });
      const { UploadId = "", ServerSideEncryption = null } = await client.send(command, options);
      return { uploadId: UploadId, encryption: ServerSideEncryption };
    },
    call,
  );
}

/** Sends one part; its hash is signed, as that of a whole object is. Null where the server knows the upload no more. */
export function sendPart(
  requests: S3Requests,
  upload: Pick<BegunUpload, "key" | "uploadId">,
  part: {
    readonly number: number;
    readonly bytes: Uint8Array;
    readonly hash: ContentHash;
    readonly withChecksum: boolean;
  },
  call: Call,
): Promise<SentPart | null> {
  const { number, bytes, hash } = part;
  return requests.ask(
    "write parts",
    "bytes",
    async (wire, options) => {
      const answer = await wire
        .ask(
          {
            method: "PUT",
            key: upload.key,
            query: { partNumber: String(number), uploadId: upload.uploadId },
            headers: part.withChecksum ? { "x-amz-checksum-sha256": base64Of(hash) } : {},
            body: {
              bytes: requests.bodies(bytes, { signal: options.abortSignal }),
              sizeBytes: bytes.length,
              hash,
            },
          },
          options,
        )
        .catch(whereSaid(null, "NoSuchUpload"));
      if (answer === null) return null;
      return {
        number,
        etag: answer.header("etag") ?? "",
        sha256: answer.header("x-amz-checksum-sha256"),
        sizeBytes: bytes.length,
      };
    },
    call,
  );
}

/**
 * The parts that the server has of an upload, by number; null where it knows no such upload (Ceph says NoSuchKey then). A listing that ends
 * too early costs no more than bytes, for what is not in it is sent again.
 */
export async function sentParts(
  requests: S3Requests,
  upload: Pick<BegunUpload, "key" | "uploadId">,
  call: Call,
): Promise<ReadonlyMap<number, SentPart> | null> {
  const { bucket } = requests.place;
  const parts = new Map<number, SentPart>();
  for (let marker: string | undefined; ; ) {
    const after = marker;
    const page = await requests.send(
      "list parts",
      "read",
      ({ sdk, client }, options) =>
        client
          .send(
            new sdk.ListPartsCommand({
              Bucket: bucket,
              Key: upload.key,
              UploadId: upload.uploadId,
              ...(after === undefined ? {} : { PartNumberMarker: after }),
            }),
            options,
          )
          .catch(whereSaid(null, "NoSuchUpload", "NoSuchKey", "NotFound")),
      call,
    );
    if (page === null) return null;
    for (const { PartNumber = 0, ETag = "", ChecksumSHA256 = null, Size = 0 } of page.Parts ?? []) {
      parts.set(PartNumber, { number: PartNumber, etag: ETag, sha256: ChecksumSHA256, sizeBytes: Size });
    }
    const next = page.NextPartNumberMarker;
    if (page.IsTruncated !== true || next === undefined || next === after) return parts;
    marker = next;
  }
}

/** Makes the parts one object. `gone` where the server knows the upload no more, which may be because it was finished by an earlier attempt. */
export function completeUpload(
  requests: S3Requests,
  upload: Pick<BegunUpload, "key" | "uploadId">,
  parts: readonly SentPart[],
  ifAbsent: boolean,
  call: Call,
): Promise<Written | { readonly kind: "gone" }> {
  const { bucket } = requests.place;
  return requests.send(
    "finish uploads in parts",
    "write",
    async ({ sdk, client }, options): Promise<Written | { readonly kind: "gone" }> => {
      const command = new sdk.CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        ...(ifAbsent ? { IfNoneMatch: "*" } : {}),
        MultipartUpload: {
          Parts: parts.map(({ number, etag, sha256 }) => ({
            PartNumber: number,
            ETag: etag,
            ...(sha256 === null ? {} : { ChecksumSHA256: sha256 }),
          })),
        },
      });
      const answer = await client
        .send(command, options)
        .catch(whereSaid("taken" as const, "PreconditionFailed"))
        .catch(whereSaid("gone" as const, "NoSuchUpload", "NoSuchKey"));
      if (typeof answer === "string") return { kind: answer };
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

/** Gives an upload up, and with it the room that its parts take; nothing to do where the server knows it no more. */
export function abortUpload(
  requests: S3Requests,
  upload: Pick<BegunUpload, "key" | "uploadId">,
  call: Call,
): Promise<void> {
  const { bucket } = requests.place;
  return requests.send(
    "give up uploads in parts",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.AbortMultipartUploadCommand({
        Bucket: bucket,
        Key: upload.key,
        UploadId: upload.uploadId,
      });
      await client.send(command, options).catch(whereSaid(null, "NoSuchUpload", "NoSuchKey", "NotFound"));
    },
    call,
  );
}

interface UploadsPage {
  readonly uploads: readonly BegunUpload[];
  readonly next: { readonly key: string; readonly id: string } | null;
}

/** Every unfinished upload under `prefix`. Throws `store.unreliable` (integrity) for a listing that cannot be walked to its end. */
export async function* begunUploads(
  requests: S3Requests,
  prefix: string,
  call: Call,
): AsyncGenerator<BegunUpload> {
  if (await isWithoutUploads(requests, prefix, call)) return;
  for (let from: UploadsPage["next"] = null; ; ) {
    const page: UploadsPage = await uploadsPage(requests, prefix, from, call);
    yield* page.uploads;
    const { next } = page;
    if (next === null) return;
    if (next.key === from?.key && next.id === from.id) throw brokenListing(requests.store);
    from = next;
  }
}

/** True for a whole page that names no upload; anything else is left to a parser. */
const namesNone = (page: string): boolean =>
  page.includes("<ListMultipartUploadsResult") &&
  page.trimEnd().endsWith("</ListMultipartUploadsResult>") &&
  page.includes("<IsTruncated>false</IsTruncated>") &&
  !/[<:]Upload[\s>]|<!/.test(page);

/** True where the server says that there is none, which most runs find: the SDK need not be loaded for that. */
function isWithoutUploads(requests: S3Requests, prefix: string, call: Call): Promise<boolean> {
  return requests.ask(
    "list unfinished uploads",
    "read",
    async (wire, options) => {
      const { body } = await wire.ask({ method: "GET", key: "", query: { uploads: "", prefix } }, options);
      return body !== null && namesNone(await textOf(body));
    },
    call,
  );
}

function uploadsPage(
  requests: S3Requests,
  prefix: string,
  from: UploadsPage["next"],
  call: Call,
): Promise<UploadsPage> {
  const { bucket } = requests.place;
  return requests.send(
    "list unfinished uploads",
    "read",
    async ({ sdk, client }, options) => {
      const command = new sdk.ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...(from === null ? {} : { KeyMarker: from.key, UploadIdMarker: from.id }),
      });
      const page = await client.send(command, options);
      const { NextKeyMarker: key, NextUploadIdMarker: id = "" } = page;
      return {
        uploads: (page.Uploads ?? []).map(({ Key = "", UploadId = "", Initiated }) => ({
          key: Key,
          uploadId: UploadId,
          initiatedMs: Initiated?.getTime() ?? 0,
        })),
        next: page.IsTruncated === true ? { key: nextPage(requests.store, key), id } : null,
      };
    },
    call,
  );
}

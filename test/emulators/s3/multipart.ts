import { createHash, randomBytes } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import { element, S3Failure, xml } from "./failure.js";
import { checkAbsent, checkedSum, classOf, encryptionOf, etagOf, kept } from "./objects.js";
import { header, type S3Reply, type S3Request } from "./request.js";
import type { OpenUpload, StoredPart } from "./state.js";
import { inByteOrder, keepState } from "./versions.js";

const XML = { "content-type": "application/xml" };

export function createUpload(request: S3Request): S3Reply {
  const { bucket, bucketName, key, state } = request;
  const algorithm = header(request, "x-amz-checksum-algorithm");
  if (algorithm !== "" && state.profile.checksums === "refuses")
    throw new S3Failure(
      400,
      "InvalidArgument",
      "Unsupported header 'x-amz-checksum-algorithm' received for this API call.",
    );
  const upload: OpenUpload = {
    id: randomBytes(16).toString("hex"),
    key,
    withChecksums: algorithm === "SHA256" && state.profile.checksums === "keeps",
    encryption: encryptionOf(request),
    storageClass: classOf(request),
    initiatedMs: Date.now(),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return {
    status: 200,
    headers: {
      ...XML,
      ...(upload.encryption === null ? {} : { "x-amz-server-side-encryption": upload.encryption }),
    },
    body: xml(
      "InitiateMultipartUploadResult",
      `${element("Bucket", bucketName)}${element("Key", key)}${element("UploadId", upload.id)}`,
    ),
  };
}

function openUpload({ bucket, key, query, state }: S3Request): OpenUpload {
  const upload = bucket.uploads.get(query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== key)
    throw new S3Failure(404, state.profile.unknownUpload, "The specified upload does not exist.");
  return upload;
}

export function uploadPart(request: S3Request): S3Reply {
  const upload = openUpload(request);
  const number = Number(request.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Failure(400, "InvalidArgument");
  const sha256 = checkedSum(request);
  if (upload.withChecksums && sha256 === null)
    throw new S3Failure(400, "InvalidRequest", "The upload was created using a sha256 checksum.");
  const part: StoredPart = {
    bytes: kept(request.body, request.lies),
    etag: etagOf(request.body, request.state.profile),
    sha256,
  };
  upload.parts.set(number, part);
  return {
    status: 200,
    headers: { etag: `"${part.etag}"`, ...(sha256 === null ? {} : { "x-amz-checksum-sha256": sha256 }) },
  };
}

const MOST_PARTS_A_PAGE = 1000;

export function listParts(request: S3Request): S3Reply {
  const upload = openUpload(request);
  const after = Number(request.query.get("part-number-marker") ?? 0);
  const most = Math.min(request.state.profile.pageSize, MOST_PARTS_A_PAGE);
  const later = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = later.slice(0, most);
  const inner = [
    element("Key", upload.key),
    element("UploadId", upload.id),
    element("IsTruncated", later.length > most),
    ...(later.length > most && request.state.profile.namesNextPage
      ? [element("NextPartNumberMarker", page.at(-1)?.[0] ?? 0)]
      : []),
    ...page.map(
      ([number, part]) =>
        `<Part>${element("PartNumber", number)}${element("ETag", `"${part.etag}"`)}${element("Size", part.bytes.length)}${part.sha256 === null ? "" : element("ChecksumSHA256", part.sha256)}</Part>`,
    ),
  ].join("");
  return { status: 200, headers: XML, body: xml("ListPartsResult", inner) };
}

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly sha256: string | null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function namedParts(body: Buffer): readonly NamedPart[] {
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === "Part" });
  const parsed: unknown = parser.parse(body.toString());
  const root = isRecord(parsed) ? parsed["CompleteMultipartUpload"] : null;
  const parts = isRecord(root) ? root["Part"] : null;
  if (!Array.isArray(parts) || parts.length === 0) throw new S3Failure(400, "MalformedXML");
  return parts.map((part: unknown) => {
    if (!isRecord(part)) throw new S3Failure(400, "MalformedXML");
    const sum = part["ChecksumSHA256"];
    return {
      number: Number(part["PartNumber"]),
      etag: String(part["ETag"]).replaceAll(/"|&quot;/g, ""),
      sha256: typeof sum === "string" ? sum : null,
    };
  });
}

/** The parts that the request names, each looked at as S3 does. */
function chosenParts(
  upload: OpenUpload,
  named: readonly NamedPart[],
  leastPartBytes: number,
): readonly StoredPart[] {
  let previous = 0;
  return named.map(({ number, etag, sha256 }, index) => {
    if (number <= previous) throw new S3Failure(400, "InvalidPartOrder");
    previous = number;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== etag || (upload.withChecksums && part.sha256 !== sha256))
      throw new S3Failure(400, "InvalidPart", "One or more of the specified parts could not be found.");
    if (index < named.length - 1 && part.bytes.length < leastPartBytes)
      throw new S3Failure(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
      );
    return part;
  });
}

export function completeUpload(request: S3Request): S3Reply {
  const { bucket, bucketName, key, body, state } = request;
  const upload = openUpload(request);
  const parts = chosenParts(upload, namedParts(body), state.profile.leastPartBytes);
  checkAbsent(request, state.profile.conditionalComplete ? "yes" : "ignores");
  const count = parts.length;
  const digests = parts.map(({ etag }) => Buffer.from(etag, "hex"));
  const etag = state.profile.opaqueEtags
    ? randomBytes(16).toString("base64url")
    : `${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${count}`;
  const sums = parts.map(({ sha256 }) => Buffer.from(sha256 ?? "", "base64"));
  const sha256 = upload.withChecksums
    ? `${createHash("sha256").update(Buffer.concat(sums)).digest("base64")}-${count}`
    : null;
  keepState(bucket, key, {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    etag,
    sha256,
    encryption: upload.encryption,
    storageClass: upload.storageClass,
    modifiedMs: Date.now(),
  });
  bucket.uploads.delete(upload.id);
  const told = state.profile.tellsFinishedEtag ? `"${etag}"` : "";
  const inner = `${element("Location", `/${bucketName}/${key}`)}${element("Bucket", bucketName)}${element("Key", key)}${element("ETag", told)}${sha256 === null ? "" : `${element("ChecksumSHA256", sha256)}${element("ChecksumType", "COMPOSITE")}`}`;
  return {
    status: 200,
    headers: {
      ...XML,
      ...(upload.encryption === null ? {} : { "x-amz-server-side-encryption": upload.encryption }),
    },
    body: xml("CompleteMultipartUploadResult", inner),
  };
}

export function abortUpload(request: S3Request): S3Reply {
  request.bucket.uploads.delete(openUpload(request).id);
  return { status: 204 };
}

export function listUploads({ bucket, bucketName, query, state }: S3Request): S3Reply {
  const prefix = query.get("prefix") ?? "";
  const marker = query.get("key-marker") ?? "";
  const idMarker = query.get("upload-id-marker") ?? "";
  const all = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => inByteOrder(a.key, b.key) || inByteOrder(a.id, b.id))
    .filter(({ key, id }) => {
      const order = inByteOrder(key, marker);
      return marker === "" || order > 0 || (order === 0 && inByteOrder(id, idMarker) > 0);
    });
  const page = all.slice(0, state.profile.pageSize);
  const last = page.at(-1);
  const isTruncated = all.length > page.length;
  const inner = [
    element("Bucket", bucketName),
    element("IsTruncated", isTruncated),
    ...(isTruncated && last !== undefined && state.profile.namesNextPage
      ? [element("NextKeyMarker", last.key), element("NextUploadIdMarker", last.id)]
      : []),
    ...page.map(
      (upload) =>
        `<Upload>${element("Key", upload.key)}${element("UploadId", upload.id)}${element("Initiated", new Date(upload.initiatedMs).toISOString())}</Upload>`,
    ),
  ].join("");
  return { status: 200, headers: XML, body: xml("ListMultipartUploadsResult", inner) };
}

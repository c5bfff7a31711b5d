import { createHash, randomBytes } from "node:crypto";
import { isAway, restoreHeader } from "./archive.js";
import { element, S3Failure, xml } from "./failure.js";
import { header, type S3Reply, type S3Request } from "./request.js";
import type { Profile, StoredObject } from "./state.js";
import { inByteOrder, keepState } from "./versions.js";

const md5 = (bytes: Buffer): Buffer => createHash("md5").update(bytes).digest();

/** The ETag of bytes, unquoted. */
export const etagOf = (bytes: Buffer, { opaqueEtags }: Profile): string =>
  opaqueEtags ? randomBytes(16).toString("base64url") : md5(bytes).toString("hex");

/** Bytes as a lying server keeps them. */
export function kept(bytes: Buffer, lies: boolean): Buffer {
  const copy = Buffer.from(bytes);
  if (lies && copy.length > 0) copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}

/** The checksum that was sent with a body, checked; null where this server keeps none. */
export function checkedSum(request: S3Request): string | null {
  const sent = header(request, "x-amz-checksum-sha256");
  const { checksums } = request.state.profile;
  const algorithm = header(request, "x-amz-sdk-checksum-algorithm");
  if ((sent !== "" || algorithm !== "") && checksums === "refuses")
    throw new S3Failure(
      400,
      "InvalidArgument",
      "Unsupported header 'x-amz-checksum-sha256' received for this API call.",
    );
  if (sent !== "" && checksums === "lies") return createHash("sha256").update("another").digest("base64");
  if (sent === "" || checksums !== "keeps") return null;
  if (sent !== createHash("sha256").update(request.body).digest("base64"))
    throw new S3Failure(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.");
  return sent;
}

/** How a new object is encrypted, as the server says. */
export const encryptionOf = (request: S3Request): string | null =>
  request.state.profile.encrypts ? header(request, "x-amz-server-side-encryption") || null : null;

/** Refuses where a condition on the key is not met; for servers that know conditions. */
export function checkAbsent(request: S3Request, knows: "yes" | "ignores" | "refuses"): void {
  if (header(request, "if-none-match") !== "*" || knows === "ignores") return;
  if (knows === "refuses")
    throw new S3Failure(501, "NotImplemented", "Conditional object PUTs are not supported.");
  if (request.bucket.objects.has(request.key))
    throw new S3Failure(
      412,
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
    );
}

/** The class that a new object is to be kept in. */
export function classOf(request: S3Request): string {
  const wanted = header(request, "x-amz-storage-class") || "STANDARD";
  const { classes } = request.state.profile;
  if (classes === "ignores") return "STANDARD";
  if (wanted !== "STANDARD" && !classes)
    throw new S3Failure(400, "InvalidStorageClass", "The storage class you specified is not valid.");
  return wanted;
}

const told = (object: StoredObject): Record<string, string> => ({
  etag: `"${object.etag}"`,
  ...(object.encryption === null ? {} : { "x-amz-server-side-encryption": object.encryption }),
});

export function putObject(request: S3Request): S3Reply {
  const { bucket, key, body, state, lies } = request;
  if (state.profile.blocksPublicAccess === "owner-too" && bucket.refusesPublicAcls)
    throw new S3Failure(403, "AccessDenied");
  const sent = header(request, "content-md5");
  if (sent !== "" && sent !== md5(body).toString("base64")) throw new S3Failure(400, "BadDigest");
  const sha256 = checkedSum(request);
  checkAbsent(request, state.profile.conditionalPut);
  const object: StoredObject = {
    bytes: kept(body, lies),
    etag: etagOf(body, state.profile),
    sha256,
    encryption: encryptionOf(request),
    storageClass: classOf(request),
    modifiedMs: Date.now(),
  };
  keepState(bucket, key, object);
  return {
    status: 200,
    headers: {
      ...told(object),
      ...(sha256 === null ? {} : { "x-amz-checksum-sha256": sha256, "x-amz-checksum-type": "FULL_OBJECT" }),
    },
  };
}

export function copyObject(request: S3Request): S3Reply {
  const { bucket, bucketName, key, state } = request;
  if (!state.profile.copies) throw new S3Failure(501, "NotImplemented", "This copy is not supported.");
  const from = decodeURIComponent(header(request, "x-amz-copy-source")).replace(/^\//, "");
  const source = from.startsWith(`${bucketName}/`)
    ? bucket.objects.get(from.slice(bucketName.length + 1))
    : undefined;
  if (source === undefined) throw new S3Failure(404, "NoSuchKey", "The specified key does not exist.");
  if (isAway(source))
    throw new S3Failure(
      403,
      "ObjectNotInActiveTierError",
      "The source object of the COPY action is not in the active tier.",
    );
  const { restored: _, ...kept } = source;
  const copy = {
    ...kept,
    storageClass: classOf(request),
    bytes: Buffer.from(source.bytes),
    modifiedMs: Date.now(),
  };
  keepState(bucket, key, copy);
  const inner = `${element("ETag", `"${copy.etag}"`)}${element("LastModified", new Date(copy.modifiedMs).toISOString())}`;
  return { status: 200, body: xml("CopyObjectResult", inner) };
}

function found(request: S3Request): StoredObject {
  const object = request.bucket.objects.get(request.key);
  if (object !== undefined) return object;
  if (request.state.denied.has("ListObjectsV2")) throw new S3Failure(403, "AccessDenied", "Access Denied");
  throw new S3Failure(404, "NoSuchKey", "The specified key does not exist.");
}

export function getObject(request: S3Request): S3Reply {
  const object = found(request);
  const wanted = header(request, "if-match");
  if (wanted !== "" && wanted !== `"${object.etag}"`) throw new S3Failure(412, "PreconditionFailed");
  if (request.operation === "GetObject" && isAway(object))
    throw new S3Failure(
      403,
      "InvalidObjectState",
      "The operation is not valid for the object's storage class",
    );
  const size = object.bytes.length;
  const sums =
    object.sha256 !== null && header(request, "x-amz-checksum-mode") === "ENABLED"
      ? {
          "x-amz-checksum-sha256": object.sha256,
          "x-amz-checksum-type": object.sha256.includes("-") ? "COMPOSITE" : "FULL_OBJECT",
        }
      : {};
  const headers = {
    ...told(object),
    ...sums,
    ...(object.storageClass === "STANDARD" ? {} : { "x-amz-storage-class": object.storageClass }),
    ...restoreHeader(object),
    "accept-ranges": "bytes",
    "content-type": "binary/octet-stream",
    "last-modified": new Date(object.modifiedMs).toUTCString(),
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(header(request, "range"));
  if (range === null) return { status: 200, headers, body: object.bytes };
  const first = Number(range[1]);
  const last = range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (first >= size || last < first)
    throw new S3Failure(416, "InvalidRange", "The requested range is not satisfiable");
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${first}-${last}/${size}` },
    body: object.bytes.subarray(first, last + 1),
  };
}

export function deleteObject({ bucket, key }: S3Request): S3Reply {
  keepState(bucket, key, null);
  return { status: 204, headers: bucket.versions === null ? {} : { "x-amz-delete-marker": "true" } };
}

const TOKEN = "after:";

export function listObjects({ bucket, bucketName, query, state }: S3Request): S3Reply {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const most = Math.min(Number(query.get("max-keys") ?? state.profile.pageSize), state.profile.pageSize);
  const token = query.get("continuation-token");
  const said = token === null ? "" : Buffer.from(token, "base64url").toString();
  if (token !== null && !said.startsWith(TOKEN))
    throw new S3Failure(400, "InvalidArgument", "The continuation token provided is incorrect");
  const after = token === null ? (query.get("start-after") ?? "") : said.slice(TOKEN.length);
  const isUrl = query.get("encoding-type") === "url";
  const encoded = (key: string) =>
    isUrl ? encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+") : key;
  const contents: string[] = [];
  const folders: string[] = [];
  let last = "";
  let isTruncated = false;
  for (const key of [...bucket.objects.keys()].sort(inByteOrder)) {
    if (!key.startsWith(prefix) || inByteOrder(key, after) <= 0) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const folder = end === -1 ? null : key.slice(0, end + delimiter.length);
    if (folder !== null && (folder === folders.at(-1) || after.startsWith(folder))) continue;
    if (contents.length + folders.length >= most) {
      isTruncated = true;
      break;
    }
    last = folder === null ? key : `${folder}\u{10ffff}`;
    if (folder !== null) folders.push(folder);
    else {
      const object = bucket.objects.get(key);
      contents.push(
        `<Contents>${element("Key", encoded(key))}${element("LastModified", new Date(object?.modifiedMs ?? 0).toISOString())}${element("ETag", `"${object?.etag ?? ""}"`)}${element("Size", object?.bytes.length ?? 0)}${element("StorageClass", object?.storageClass ?? "STANDARD")}</Contents>`,
      );
    }
  }
  const inner = [
    element("Name", bucketName),
    element("Prefix", encoded(prefix)),
    element("KeyCount", contents.length + folders.length),
    element("MaxKeys", most),
    ...(isUrl ? [element("EncodingType", "url")] : []),
    element("IsTruncated", isTruncated),
    ...(isTruncated && state.profile.namesNextPage
      ? [element("NextContinuationToken", Buffer.from(TOKEN + last).toString("base64url"))]
      : []),
    ...contents,
    ...folders.map((folder) => `<CommonPrefixes>${element("Prefix", encoded(folder))}</CommonPrefixes>`),
  ].join("");
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: xml("ListBucketResult", inner),
  };
}

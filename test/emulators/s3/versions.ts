import { randomBytes } from "node:crypto";
import { element, S3Failure, xml } from "./failure.js";
import type { S3Reply, S3Request } from "./request.js";
import type { Bucket, StoredObject } from "./state.js";

/** Keys in the order of their UTF-8 bytes. */
export const inByteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Gives a key a new state, or none; a bucket that keeps versions keeps what was before. */
export function keepState(bucket: Bucket, key: string, object: StoredObject | null): void {
  const versions = bucket.versions?.get(key) ?? [];
  bucket.versions?.set(key, [...versions, { id: randomBytes(12).toString("hex"), object }]);
  show(bucket, key, object);
}

function show(bucket: Bucket, key: string, object: StoredObject | null): void {
  if (object === null) bucket.objects.delete(key);
  else bucket.objects.set(key, object);
}

/** Removes one version for good; the one before it is then what readers see. */
export function deleteVersion({ bucket, key, query }: S3Request): S3Reply {
  const id = query.get("versionId");
  if (bucket.versions === null) {
    if (id !== "null") throw new S3Failure(400, "InvalidArgument", "Invalid version id specified");
    bucket.objects.delete(key);
    return { status: 204 };
  }
  const left = (bucket.versions.get(key) ?? []).filter((version) => version.id !== id);
  bucket.versions.set(key, left);
  show(bucket, key, left.at(-1)?.object ?? null);
  return { status: 204 };
}

interface Entry {
  readonly key: string;
  readonly id: string;
  readonly isLatest: boolean;
  readonly object: StoredObject | null;
}

/** By key, the newest version of each first. */
function entriesOf(bucket: Bucket): readonly Entry[] {
  if (bucket.versions === null) {
    return [...bucket.objects]
      .sort(([a], [b]) => inByteOrder(a, b))
      .map(([key, object]) => ({ key, id: "null", isLatest: true, object }));
  }
  return [...bucket.versions]
    .sort(([a], [b]) => inByteOrder(a, b))
    .flatMap(([key, versions]) =>
      versions.toReversed().map(({ id, object }, index) => ({ key, id, isLatest: index === 0, object })),
    );
}

export function listVersions({ bucket, query, state }: S3Request): S3Reply {
  const prefix = query.get("prefix") ?? "";
  const marker = query.get("key-marker") ?? "";
  const idMarker = query.get("version-id-marker") ?? "";
  const all = entriesOf(bucket).filter(({ key }) => key.startsWith(prefix));
  const at = all.findIndex(({ key, id }) => key === marker && id === idMarker);
  const page = all.slice(at + 1, at + 1 + state.profile.pageSize);
  const last = page.at(-1);
  const isTruncated = last !== undefined && last !== all.at(-1);
  const inner = [
    element("IsTruncated", isTruncated),
    ...(isTruncated && state.profile.namesNextPage
      ? [element("NextKeyMarker", last.key), element("NextVersionIdMarker", last.id)]
      : []),
    ...page.map(({ key, id, isLatest, object }) => {
      const name = object === null ? "DeleteMarker" : "Version";
      const size = object === null ? "" : element("Size", object.bytes.length);
      return `<${name}>${element("Key", key)}${element("VersionId", id)}${element("IsLatest", isLatest)}${size}</${name}>`;
    }),
  ].join("");
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: xml("ListVersionsResult", inner),
  };
}

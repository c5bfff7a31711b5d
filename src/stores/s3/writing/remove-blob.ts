import { PhotosyncError } from "../../../domain/errors.js";
import type { BlobKey } from "../../../domain/ids.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { BlobTrace, Removal } from "../../../ports/blob-store.js";
import type { Call } from "../../../ports/call.js";
import { abortUpload, type BegunUpload, begunUploads } from "../objects/multipart-objects.js";
import { type ObjectVersion, objectVersions, removeVersion } from "../objects/object-versions.js";
import { headObject, removeObject } from "../objects/s3-objects.js";
import { walkObjects } from "../reading/list-bucket.js";
import { isRefused } from "../requests/s3-errors.js";
import type { S3Parts } from "../s3-parts.js";

/** What a bucket has of a blob. */
interface Found {
  /** Objects as any reader sees them. */
  readonly objects: readonly { readonly key: string; readonly sizeBytes: number }[];
  /** All versions of these, the present ones included, and marks of removal; null where the keys may not list them. */
  readonly versions: readonly ObjectVersion[] | null;
  readonly uploads: readonly BegunUpload[];
}

async function gathered<T>(source: AsyncIterable<T>, isWanted: (each: T) => boolean): Promise<T[] | null> {
  const found: T[] = [];
  try {
    for await (const each of source) if (isWanted(each)) found.push(each);
    return found;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

async function find(parts: S3Parts, blob: BlobKey, call: Call): Promise<Found> {
  const { requests } = parts;
  const key = parts.blobObject(blob);
  const aside = requests.place.prefix + parts.sealing.asideOf(blob, "");
  const isAside = (each: { readonly key: string }) =>
    each.key.startsWith(aside) && /^[A-Za-z0-9-]*$/.test(each.key.slice(aside.length));
  const head = await headObject(requests, key, call);
  const asides = (await gathered(walkObjects(parts, aside, undefined, call), isAside)) ?? [];
  const versions = await gathered(objectVersions(requests, key, call), (each) => each.key === key);
  const older = versions === null ? null : await gathered(objectVersions(requests, aside, call), isAside);
  return {
    objects: [...(head === null ? [] : [{ key, sizeBytes: head.sizeBytes }]), ...asides],
    versions: versions === null || older === null ? null : [...versions, ...older],
    uploads: (await gathered(begunUploads(requests, key, call), (each) => each.key === key)) ?? [],
  };
}

/** All that a bucket has of a blob and lets be seen. */
export async function blobTraces(parts: S3Parts, blob: BlobKey, call: Call): Promise<readonly BlobTrace[]> {
  const { objects, versions, uploads } = await find(parts, blob, call);
  const object = parts.blobObject(blob);
  const plainBytes = (sizeBytes: number) => {
    const plain = parts.sealing.plainBytes(sizeBytes);
    return plain < 0 ? sizeBytes : plain;
  };
  const where = (key: string, version = "") => `s3://${parts.requests.place.bucket}/${key}${version}`;
  const earlier = (versions ?? []).filter(({ isLatest, sizeBytes }) => !isLatest && sizeBytes !== null);
  return [
    ...objects.map(({ key, sizeBytes }) => ({
      kind: key === object ? ("blob" as const) : ("set-aside" as const),
      where: where(key),
      sizeBytes: plainBytes(sizeBytes),
    })),
    ...earlier.map(({ key, versionId, sizeBytes }) => ({
      kind: "version" as const,
      where: where(key, `?versionId=${versionId}`),
      sizeBytes: sizeBytes === null ? null : plainBytes(sizeBytes),
    })),
    ...uploads.map(({ key }) => ({ kind: "upload" as const, where: where(key), sizeBytes: null })),
  ];
}

/**
 * Removes a blob from a bucket with all its versions, what was set aside from under its key, and the uploads of it that were begun, first these,
 * so that none is finished afterwards. Where the keys may not list or remove versions, the objects alone go, and `olderStay`
 * says whether the bucket kept what they were.
 */
export async function removeBlob(parts: S3Parts, blob: BlobKey, call: Call): Promise<Removal> {
  const { requests } = parts;
  const { objects, versions, uploads } = await find(parts, blob, call);
  for (const upload of uploads) await abortUpload(requests, upload, call);
  await parts.notes.drop(blob);
  let removed = uploads.length;
  let olderStay = false;
  const isGone = new Set<string>();
  // From the oldest on, so that no version is ever uncovered.
  for (const version of [...(versions ?? [])].reverse()) {
    throwIfAborted(call);
    try {
      await removeVersion(requests, version, call);
      if (version.sizeBytes !== null) removed++;
      if (version.isLatest) isGone.add(version.key);
    } catch (error) {
      if (!isRefused(error)) throw error;
      olderStay ||= !version.isLatest && version.sizeBytes !== null;
    }
  }
  const present = new Set(objects.map(({ key }) => key));
  // Nobody else says whether this bucket kept what an earlier call removed.
  const asked = versions === null ? new Set([parts.blobObject(blob), ...present]) : present;
  for (const key of [...asked].filter((each) => !isGone.has(each))) {
    throwIfAborted(call);
    olderStay = (await removeObject(requests, key, call)) || olderStay;
    if (present.has(key)) removed++;
  }
  if ((await headObject(requests, parts.blobObject(blob), call)) !== null) {
    throw new PhotosyncError({
      kind: "integrity",
      code: "store.unreliable",
      message: `Store ${parts.name} still has ${blob} after it was removed.`,
      next: ["See that no other program puts it back, then run the same command again."],
    });
  }
  return { removed, olderStay };
}

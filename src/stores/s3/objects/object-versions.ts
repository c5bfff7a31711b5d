import type { Call } from "../../../ports/call.js";
import { type S3Requests, whereSaid } from "../requests/s3-requests.js";
import { brokenListing, nextPage } from "./list-objects.js";

/** One state of an object that a bucket keeps; a bucket without versions has one of each. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  /** Null for the mark that a removal leaves. */
  readonly sizeBytes: number | null;
}

interface VersionsPage {
  readonly versions: readonly ObjectVersion[];
  readonly next: { readonly key: string; readonly id: string | undefined } | null;
}

/** Every version and mark of removal under `prefix`. Throws `store.unreliable` (integrity) for a listing that cannot be walked to its end. */
export async function* objectVersions(
  requests: S3Requests,
  prefix: string,
  call: Call,
): AsyncGenerator<ObjectVersion> {
  for (let from: VersionsPage["next"] = null; ; ) {
    const page: VersionsPage = await versionsPage(requests, prefix, from, call);
    yield* page.versions;
    const { next } = page;
    if (next === null) return;
    if (next.key === from?.key && next.id === from.id) throw brokenListing(requests.store);
    from = next;
  }
}

function versionsPage(
  requests: S3Requests,
  prefix: string,
  from: VersionsPage["next"],
  call: Call,
): Promise<VersionsPage> {
  const { bucket } = requests.place;
  return requests.send(
    "list versions of objects",
    "read",
    async ({ sdk, client }, options) => {
      const command = new sdk.ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...(from === null ? {} : { KeyMarker: from.key }),
        ...(from?.id === undefined ? {} : { VersionIdMarker: from.id }),
      });
      const page = await client.send(command, options);
      const { NextKeyMarker: key, NextVersionIdMarker: id } = page;
      const versions = (page.Versions ?? []).map((one) => ({ ...one, sizeBytes: one.Size ?? 0 }));
      const marks = (page.DeleteMarkers ?? []).map((one) => ({ ...one, sizeBytes: null }));
      return {
        versions: [...versions, ...marks].map((one) => ({
          key: one.Key ?? "",
          versionId: one.VersionId ?? "null",
          isLatest: one.IsLatest === true,
          sizeBytes: one.sizeBytes,
        })),
        next: page.IsTruncated === true ? { key: nextPage(requests.store, key), id } : null,
      };
    },
    call,
  );
}

/** Removes one version for good; nothing to do where there is none. */
export function removeVersion(
  requests: S3Requests,
  { key, versionId }: Pick<ObjectVersion, "key" | "versionId">,
  call: Call,
): Promise<void> {
  const { bucket } = requests.place;
  return requests.send(
    "remove versions of objects",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
      await client.send(command, options).catch(whereSaid(null, "NoSuchVersion", "NoSuchKey"));
    },
    call,
  );
}

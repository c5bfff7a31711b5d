import { PhotosyncError } from "../../../domain/errors.js";
import type { BlobKey } from "../../../domain/ids.js";
import type { Thawing, ThawOptions } from "../../../ports/blob-store.js";
import type { Call } from "../../../ports/call.js";
import { askEach } from "../ask-each.js";
import { headObject } from "../objects/s3-objects.js";
import { type S3Requests, whereSaid } from "../requests/s3-requests.js";
import type { S3Parts } from "../s3-parts.js";

const AT_ONCE = 16;

/** The longest that each way takes, in hours: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html. */
const HOURS = {
  usual: { expedited: 1, standard: 5, bulk: 12 },
  deep: { expedited: 12, standard: 12, bulk: 48 },
} as const;
const DEEP: ReadonlySet<string> = new Set(["DEEP_ARCHIVE", "INTELLIGENT_TIERING"]);

/** Asks archived blobs back, or only looks; see `BlobStore.thaw`. */
export function thawBlobs(
  parts: S3Parts,
  keys: readonly BlobKey[],
  options: ThawOptions,
  call: Call,
): Promise<ReadonlyMap<BlobKey, Thawing>> {
  return askEach(
    keys,
    AT_ONCE,
    (key) => thawOne(parts, parts.blobObject(key), options, call).catch(refused),
    call,
  );
}

function refused(error: unknown): Thawing {
  if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled") throw error;
  return { kind: "refused", error };
}

async function thawOne(
  { requests }: S3Parts,
  key: string,
  options: ThawOptions,
  call: Call,
): Promise<Thawing> {
  const head = await headObject(requests, key, call);
  if (head === null) return { kind: "absent" };
  if (head.archived === null) return { kind: "ready" };
  const isDeep = DEEP.has(head.storageClass);
  const hours = HOURS[isDeep ? "deep" : "usual"][options.tier];
  if (head.archived === "coming") return { kind: "coming", hours };
  if (!options.ask) return { kind: "asked", hours };
  const isAsked = await restoreObject(requests, key, head.storageClass, options, call);
  return { kind: isAsked ? "asked" : "coming", hours };
}

/** False where it is on its way already. */
function restoreObject(
  requests: S3Requests,
  key: string,
  storageClass: string,
  { days, tier }: ThawOptions,
  call: Call,
): Promise<boolean> {
  return requests.send(
    "ask archived objects back",
    "write",
    async ({ sdk, client }, options) => {
      // What tiers itself stays out once it was asked back; the deep archive knows no haste.
      const isTiered = storageClass === "INTELLIGENT_TIERING";
      const hasHaste = storageClass === "GLACIER";
      const Tier = tier === "bulk" ? "Bulk" : tier === "expedited" && hasHaste ? "Expedited" : "Standard";
      const command = new sdk.RestoreObjectCommand({
        Bucket: requests.place.bucket,
        Key: key,
        RestoreRequest: { ...(isTiered ? {} : { Days: days }), GlacierJobParameters: { Tier } },
      });
      const answer = await client.send(command, options).catch(whereSaid(null, "RestoreAlreadyInProgress"));
      return answer !== null;
    },
    call,
  );
}

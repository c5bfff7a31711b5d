import { XMLParser } from "fast-xml-parser";
import { S3Failure } from "./failure.js";
import type { S3Reply, S3Request } from "./request.js";
import type { StoredObject } from "./state.js";

const ARCHIVES = new Set(["GLACIER", "DEEP_ARCHIVE"]);
const DAY_MS = 24 * 3_600_000;

const untilOf = ({ restored }: StoredObject): number | null =>
  typeof restored === "object" && restored.untilMs > Date.now() ? restored.untilMs : null;

/** True for what has to be asked back before it can be read. */
export const isAway = (object: StoredObject): boolean =>
  ARCHIVES.has(object.storageClass) && untilOf(object) === null;

/** How HEAD and GET tell of a restore request. */
export function restoreHeader(object: StoredObject): Record<string, string> {
  if (object.restored === "ongoing") return { "x-amz-restore": 'ongoing-request="true"' };
  const until = untilOf(object);
  if (until === null) return {};
  return {
    "x-amz-restore": `ongoing-request="false", expiry-date="${new Date(until).toUTCString()}"`,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Asks an archived object back (https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html). It comes when a test says so. */
export function restoreObject({ bucket, key, body }: S3Request): S3Reply {
  const object = bucket.objects.get(key);
  if (object === undefined) throw new S3Failure(404, "NoSuchKey", "The specified key does not exist.");
  const parsed: unknown = new XMLParser({ parseTagValue: false }).parse(body.toString());
  const asked = isRecord(parsed) ? parsed["RestoreRequest"] : null;
  const days = isRecord(asked) ? Number(asked["Days"]) : Number.NaN;
  const job = isRecord(asked) ? asked["GlacierJobParameters"] : null;
  const tier = isRecord(job) ? job["Tier"] : "Standard";
  if (!Number.isInteger(days) || days < 1) throw new S3Failure(400, "MalformedXML");
  if (tier !== "Standard" && tier !== "Bulk" && tier !== "Expedited")
    throw new S3Failure(400, "MalformedXML");
  if (!ARCHIVES.has(object.storageClass))
    throw new S3Failure(
      403,
      "InvalidObjectState",
      "Restore is not allowed for the object's current storage class",
    );
  if (tier === "Expedited" && object.storageClass === "DEEP_ARCHIVE")
    throw new S3Failure(400, "InvalidArgument", "Retrieval option is not supported by this storage class");
  if (object.restored === "ongoing")
    throw new S3Failure(409, "RestoreAlreadyInProgress", "Object restore is already in progress");
  if (untilOf(object) !== null) {
    object.restored = { untilMs: Date.now() + days * DAY_MS };
    return { status: 200 };
  }
  object.restored = "ongoing";
  return { status: 202 };
}

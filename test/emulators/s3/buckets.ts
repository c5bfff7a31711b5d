import { createHash } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import { element, S3Failure, xml } from "./failure.js";
import { header, type S3Reply, type S3Request } from "./request.js";
import { newBucket } from "./state.js";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The region that has no location constraint. */
const FIRST_REGION = "us-east-1";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function parsed(body: Buffer, root: string): Readonly<Record<string, unknown>> {
  const all: unknown = new XMLParser({ parseTagValue: false }).parse(body.toString());
  const found = isRecord(all) ? all[root] : null;
  if (!isRecord(found)) throw new S3Failure(400, "MalformedXML");
  return found;
}

/** Settings of buckets have to come with a checksum of their body. */
function requireChecksum(request: S3Request): void {
  const md5 = header(request, "content-md5");
  if (md5 !== "" && md5 !== createHash("md5").update(request.body).digest("base64"))
    throw new S3Failure(400, "BadDigest");
  const has = Object.keys(request.headers).some((name) => /^x-amz-checksum-(?!algorithm|type)/.test(name));
  if (has && request.state.profile.checksums === "refuses")
    throw new S3Failure(400, "InvalidArgument", "Unsupported header received for this API call.");
  if (md5 === "" && !has)
    throw new S3Failure(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
}

export function listBuckets({ state }: S3Request): S3Reply {
  const buckets = [...state.buckets.keys()]
    .sort()
    .map(
      (name) =>
        `<Bucket>${element("Name", name)}${element("CreationDate", "2026-01-01T00:00:00.000Z")}</Bucket>`,
    );
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: xml("ListAllMyBucketsResult", `<Buckets>${buckets.join("")}</Buckets>`),
  };
}

export function createBucket({ bucketName, body, state }: S3Request): S3Reply {
  if (!NAME.test(bucketName))
    throw new S3Failure(400, "InvalidBucketName", "The specified bucket is not valid.");
  const asked = body.length === 0 ? {} : parsed(body, "CreateBucketConfiguration");
  const wanted = asked["LocationConstraint"];
  if (
    wanted === undefined ? state.region !== FIRST_REGION : wanted === FIRST_REGION || wanted !== state.region
  )
    throw new S3Failure(
      400,
      "IllegalLocationConstraintException",
      "The location constraint is incompatible.",
    );
  if (state.takenNames.has(bucketName))
    throw new S3Failure(409, "BucketAlreadyExists", "The requested bucket name is not available.");
  if (state.buckets.has(bucketName))
    throw new S3Failure(409, "BucketAlreadyOwnedByYou", "The bucket is yours already.");
  state.buckets.set(bucketName, newBucket());
  return { status: 200, headers: { location: `/${bucketName}` } };
}

export function putVersioning(request: S3Request): S3Reply {
  requireChecksum(request);
  const { Status: status } = parsed(request.body, "VersioningConfiguration");
  if (status !== "Enabled" && status !== "Suspended") throw new S3Failure(400, "MalformedXML");
  const { bucket } = request;
  if (status === "Enabled" && bucket.versions === null)
    bucket.versions = new Map([...bucket.objects].map(([key, object]) => [key, [{ id: "null", object }]]));
  return { status: 200 };
}

const WAYS = ["IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

export function putPublicAccessBlock(request: S3Request): S3Reply {
  if (!request.state.profile.blocksPublicAccess)
    throw new S3Failure(501, "NotImplemented", "This server does not know the public access block.");
  requireChecksum(request);
  const asked = parsed(request.body, "PublicAccessBlockConfiguration");
  request.bucket.isPublicAccessBlocked = WAYS.every((way) => asked[way] === "true");
  request.bucket.refusesPublicAcls = asked["BlockPublicAcls"] === "true";
  return { status: 200 };
}

import { randomBytes } from "node:crypto";
import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { PhotosyncError } from "../../../domain/errors.js";
import { sha256Of } from "../../../infra/hash.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import { putObject, removeObject } from "../objects/s3-objects.js";
import { isAnswer } from "../requests/s3-errors.js";
import { type S3Requests, whereSaid } from "../requests/s3-requests.js";
import { PLAIN } from "../sealing/sealing.js";

/** What making a bucket came to. */
export interface MadeBucket {
  /** `own`: the account had it already. */
  readonly kind: "made" | "own";
  /** Whatever its ACLs and its policy say, nothing in it is public; false where the server or the keys do not let that be said. */
  readonly publicAccessBlocked: boolean;
  /** Null where it was not asked for. */
  readonly versioned: boolean | null;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without the dots that TLS names cannot have. */
const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** Regions that are not said when a bucket is made: AWS's first one, and R2's word for any. */
const UNSAID_REGIONS: ReadonlySet<string> = new Set(["us-east-1", "auto"]);
/** How servers say that they do not know a request or what is asked of it. */
const UNKNOWN_TO_IT = [
  "NotImplemented",
  "MethodNotAllowed",
  "InvalidRequest",
  "InvalidArgument",
  "MalformedXML",
  "NoSuchKey",
  "NotFound",
];
const FORBIDDEN = ["AccessDenied", "AllAccessDisabled", "Forbidden"];

/** The buckets of the account behind the keys, sorted; null where the keys may not list them, or the server knows no such list. */
export function listBuckets(requests: S3Requests, call: Call): Promise<readonly string[] | null> {
  return requests.send(
    "list buckets",
    "read",
    async ({ sdk, client }, options) => {
      const page = await client
        .send(new sdk.ListBucketsCommand({}), options)
        .catch(whereSaid(null, ...FORBIDDEN, "NotImplemented", "MethodNotAllowed"));
      return page === null ? null : (page.Buckets ?? []).flatMap(({ Name }) => Name ?? []).sort();
    },
    call,
  );
}

/**
 * Makes the bucket of this place, closed to the public. Throws `store.bad-bucket-name`, `store.bucket-taken` (user), and what requests throw.
 * What the server does not know of public access and versions is told by the outcome.
 */
export async function makeBucket(
  requests: S3Requests,
  { versioned }: { readonly versioned: boolean },
  call: Call,
): Promise<MadeBucket> {
  const { bucket, region } = requests.place;
  if (!NAME.test(bucket)) throw badName(bucket);
  const kind = await requests.send(
    "make buckets",
    "write",
    async ({ sdk, client }, options): Promise<"made" | "own"> => {
      const create = (constraint: string | null) =>
        client.send(
          new sdk.CreateBucketCommand({
            Bucket: bucket,
            ...(constraint === null
              ? {}
              : { CreateBucketConfiguration: { LocationConstraint: asConstraint(constraint) } }),
          }),
          options,
        );
      try {
        // Servers that are not AWS may know no other place than their own.
        if (UNSAID_REGIONS.has(region)) await create(null);
        else
          await create(region).catch((error: unknown) => {
            if (!isAnswer(error, "InvalidLocationConstraint", "MalformedXML", "NotImplemented")) throw error;
            return create(null);
          });
        return "made";
      } catch (error) {
        if (isAnswer(error, "BucketAlreadyOwnedByYou")) return "own";
        if (isAnswer(error, "BucketAlreadyExists")) throw taken(bucket);
        if (isAnswer(error, "InvalidBucketName")) throw badName(bucket);
        throw error;
      }
    },
    call,
  );
  return {
    kind,
    publicAccessBlocked: await blockPublicAccess(requests, call),
    versioned: versioned ? await keepVersions(requests, call) : null,
  };
}

/** The SDK names the regions that it knew when it was made; there are more, and other providers' own. */
const asConstraint = (region: string): BucketLocationConstraint => region as BucketLocationConstraint;

async function blockPublicAccess(requests: S3Requests, call: Call): Promise<boolean> {
  if (!(await shutOff(requests, { publicAcls: "refused" }, call))) return false;
  if (!(await isWriteRefused(requests, call))) return true;
  // Ceph 16.2 then takes every new object for one with a public ACL. Where such ACLs are ignored, they open nothing either.
  return shutOff(requests, { publicAcls: "ignored" }, call);
}

function shutOff(
  requests: S3Requests,
  { publicAcls }: { readonly publicAcls: "refused" | "ignored" },
  call: Call,
): Promise<boolean> {
  return requests.send(
    "close buckets to the public",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.PutPublicAccessBlockCommand({
        Bucket: requests.place.bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: publicAcls === "refused",
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      });
      const done = await client.send(command, options).catch(whereSaid(null, ...UNKNOWN_TO_IT, ...FORBIDDEN));
      return done !== null;
    },
    call,
  );
}

/** Writes nothing that could not be removed again, and calls nothing but a refusal one. */
async function isWriteRefused(requests: S3Requests, call: Call): Promise<boolean> {
  const key = `${requests.place.prefix}${PLAIN.layout.probes}${randomBytes(8).toString("hex")}`;
  const bytes = new Uint8Array(1);
  const probe = { bytes, hash: sha256Of(bytes), withChecksum: false, ifAbsent: false };
  let mayRemove = false;
  try {
    await removeObject(requests, key, call);
    mayRemove = true;
    await putObject(requests, key, probe, {}, call);
    await removeObject(requests, key, call);
    return false;
  } catch (error) {
    throwIfAborted(call);
    return mayRemove && error instanceof PhotosyncError && error.code === "store.no-permission";
  }
}

function keepVersions(requests: S3Requests, call: Call): Promise<boolean> {
  return requests.send(
    "switch versions on",
    "write",
    async ({ sdk, client }, options) => {
      const command = new sdk.PutBucketVersioningCommand({
        Bucket: requests.place.bucket,
        VersioningConfiguration: { Status: "Enabled" },
      });
      const done = await client.send(command, options).catch(whereSaid(null, ...UNKNOWN_TO_IT, ...FORBIDDEN));
      return done !== null;
    },
    call,
  );
}

const badName = (bucket: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.bad-bucket-name",
    message: `"${bucket}" cannot be the name of a new bucket.`,
    next: ["Use 3 to 63 small letters, digits and hyphens, beginning and ending with a letter or digit."],
  });

const taken = (bucket: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.bucket-taken",
    message: `The name ${bucket} belongs to somebody else's bucket: all customers of a provider share the names.`,
    next: ["Choose another name, such as one with your own name in it."],
  });

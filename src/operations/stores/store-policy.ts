import { PhotosyncError } from "../../domain/errors.js";
import type { S3StoreSettings } from "../../domain/preferences.js";
import { isArchive, keepingOf } from "../../stores/s3/settings/s3-keeping.js";
import { s3PlaceOf } from "../../stores/s3/settings/s3-place.js";

/** One statement of an IAM policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface IamPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** Why an action is in the policy. */
export interface PolicyReason {
  readonly action: string;
  readonly needed_for: string;
}

interface StorePolicy {
  readonly policy: IamPolicy;
  readonly reasons: readonly PolicyReason[];
}

/** Policies say nothing of addresses, and some presets have none of their own. */
const NOWHERE = "https://nowhere.invalid";

const ON_OBJECTS: readonly PolicyReason[] = [
  {
    action: "s3:PutObject",
    needed_for: "storing originals, whole and in parts, the list of checksums, and bundles of the library",
  },
  {
    action: "s3:GetObject",
    needed_for: "reading back, verify, restore, recover, and copies to other stores",
  },
  {
    action: "s3:DeleteObject",
    needed_for:
      "removing its own trial objects, bytes that proved wrong, older bundles, and `forget --everywhere`",
  },
  { action: "s3:AbortMultipartUpload", needed_for: "giving up uploads in parts that nobody goes on with" },
  {
    action: "s3:ListMultipartUploadParts",
    needed_for: "going on with an upload after the last part that arrived",
  },
];
const VERSIONS_FOR = "`forget --everywhere` in a bucket that keeps versions";
const VERSION: PolicyReason = { action: "s3:DeleteObjectVersion", needed_for: VERSIONS_FOR };
const THAW: PolicyReason = {
  action: "s3:RestoreObject",
  needed_for: "asking archived objects back: `restore --thaw`",
};
const ON_BUCKET: readonly PolicyReason[] = [
  { action: "s3:ListBucketVersions", needed_for: VERSIONS_FOR },
  {
    action: "s3:ListBucket",
    needed_for: "verify by listing, status, and telling a missing object from a forbidden one",
  },
  {
    action: "s3:ListBucketMultipartUploads",
    needed_for:
      "finding uploads that were broken off; without it they stay until the bucket's own rules remove them",
  },
];
const KMS: readonly PolicyReason[] = [
  { action: "kms:GenerateDataKey", needed_for: "storing with aws:kms" },
  { action: "kms:Decrypt", needed_for: "reading what is stored with aws:kms, and uploads in parts" },
];

/**
 * The least IAM policy with which a store can be used: its bucket and prefix alone, and only what photosync asks for. `name` is null for a
 * store that no library has. Throws `config.store` (user) for settings that mean nothing, and `store.no-policy` (user) for a KMS key under an alias.
 */
export function policyFor(name: string | null, settings: S3StoreSettings): StorePolicy {
  const { bucket, prefix } = s3PlaceOf(name, { ...settings, endpoint: NOWHERE });
  const keeping = keepingOf(name, settings);
  const objects = [...ON_OBJECTS, VERSION, ...(isArchive(keeping.StorageClass) ? [THAW] : [])];
  // The key that AWS manages for S3 itself lets everyone use it who may use the bucket.
  const isKms = keeping.ServerSideEncryption === "aws:kms" && keeping.SSEKMSKeyId !== undefined;
  const arn = `arn:aws:s3:::${bucket}`;
  const actions = (reasons: readonly PolicyReason[]) => reasons.map(({ action }) => action);
  const list: PolicyStatement = {
    Sid: "ListTheBucket",
    Effect: "Allow",
    Action: ["s3:ListBucket", "s3:ListBucketVersions"],
    Resource: arn,
    ...(prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": `${prefix}*` } } }),
  };
  const statements: readonly PolicyStatement[] = [
    { Sid: "KeepOriginals", Effect: "Allow", Action: actions(objects), Resource: `${arn}/${prefix}*` },
    list,
    { Sid: "FindBrokenUploads", Effect: "Allow", Action: ["s3:ListBucketMultipartUploads"], Resource: arn },
    ...(isKms
      ? [
          {
            Sid: "UseTheKey",
            Effect: "Allow" as const,
            Action: actions(KMS),
            Resource: keyArn(keeping.SSEKMSKeyId),
          },
        ]
      : []),
  ];
  return {
    policy: { Version: "2012-10-17", Statement: statements },
    reasons: [...objects, ...ON_BUCKET, ...(isKms ? KMS : [])],
  };
}

/** What prints the policy of such a store, whether a library has it or not. */
export function policyCommand(settings: S3StoreSettings): string {
  const { preset = "aws", bucket, prefix = "", storage_class, server_side_encryption } = settings;
  const flags = {
    preset,
    bucket,
    ...(prefix === "" ? {} : { prefix: /[^\w.@+=,/-]/.test(prefix) ? `"${prefix}"` : prefix }),
    ...(storage_class === undefined ? {} : { "storage-class": storage_class }),
    ...(server_side_encryption === undefined ? {} : { "server-side-encryption": server_side_encryption }),
  };
  return [
    "photosync store policy",
    ...Object.entries(flags).map(([flag, value]) => `--${flag} ${value}`),
  ].join(" ");
}

/** A policy names keys by their ARN; an id is one of the account's own in any region, and an alias is no name there. */
function keyArn(keyId: string | undefined): string {
  if (keyId?.startsWith("arn:") && !keyId.includes(":alias/")) return keyId;
  if (keyId !== undefined && /^(?:mrk-)?[0-9a-f-]{32,36}$/.test(keyId)) return `arn:aws:kms:*:*:key/${keyId}`;
  throw new PhotosyncError({
    kind: "user",
    code: "store.no-policy",
    message: `A policy has to name the KMS key of its store by id or ARN, and server_side_encryption says ${keyId}.`,
    next: ['Write it as "aws:kms:<key id or ARN>".'],
  });
}

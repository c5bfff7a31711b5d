/** A stored object. */
export interface StoredObject {
  bytes: Buffer;
  readonly etag: string;
  /** SHA-256 in base64 (of the whole, or of the parts' sums and `-N`); null where none was sent or the server keeps none. */
  readonly sha256: string | null;
  readonly encryption: string | null;
  readonly storageClass: string;
  readonly modifiedMs: number;
  /** An archived object on its way back, or back until a day; absent where nobody asked. */
  restored?: "ongoing" | { readonly untilMs: number };
}

export interface StoredPart {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly sha256: string | null;
}

export interface OpenUpload {
  readonly id: string;
  readonly key: string;
  readonly withChecksums: boolean;
  readonly encryption: string | null;
  readonly storageClass: string;
  initiatedMs: number;
  readonly parts: Map<number, StoredPart>;
}

/** One state of an object in a bucket that keeps versions; without an object it is the mark of a removal. */
export interface KeptVersion {
  readonly id: string;
  readonly object: StoredObject | null;
}

export interface Bucket {
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, OpenUpload>;
  /** Every version by key, the oldest first; null for a bucket that keeps none. */
  versions: Map<string, KeptVersion[]> | null;
  /** All four ways of making something public are shut off. */
  isPublicAccessBlocked: boolean;
  refusesPublicAcls: boolean;
}

export const newBucket = (): Bucket => ({
  objects: new Map(),
  uploads: new Map(),
  versions: null,
  isPublicAccessBlocked: false,
  refusesPublicAcls: false,
});

/** What this server can do; servers in the field differ in just these. */
export interface Profile {
  /** Compares a body with the SHA-256 in its signature. */
  readonly checksBodies: boolean;
  /** Checks, keeps and tells `x-amz-checksum-sha256`; `refuses` answers 400 to the header, as B2 did until 2025; `lies` tells another. */
  readonly checksums: "keeps" | "ignores" | "refuses" | "lies";
  /** `If-None-Match: *` on PUT: `refuses` answers 501 as Swift does. */
  readonly conditionalPut: "yes" | "ignores" | "refuses";
  readonly conditionalComplete: boolean;
  /** CopyObject; false answers 501, as Ceph does for encrypted objects. */
  readonly copies: boolean;
  /** `x-amz-server-side-encryption`: done and told, or accepted and not done. */
  readonly encrypts: boolean;
  /** Takes every storage class; without it all but STANDARD are refused, or taken and kept as STANDARD. */
  readonly classes: boolean | "ignores";
  /** Knows the public access block; `owner-too` refuses every new object where those with public ACLs are to be refused, as Ceph 16.2 does. */
  readonly blocksPublicAccess: boolean | "owner-too";
  /** Answers HEAD and GET of an object with its ETag being no MD5 sum, as with KMS. */
  readonly opaqueEtags: boolean;
  /** Tells the ETag when an upload in parts is finished, and not only when asked after the object. */
  readonly tellsFinishedEtag: boolean;
  /** After an abort, parts of an unknown upload are `NoSuchUpload`, or with Ceph `NoSuchKey`. */
  readonly unknownUpload: "NoSuchUpload" | "NoSuchKey";
  /** The most that one page of a listing holds. */
  readonly pageSize: number;
  /** Tells how to ask for the rest of a listing. */
  readonly namesNextPage: boolean;
  /** The least size of a part that is not the last. */
  readonly leastPartBytes: number;
}

/** As AWS answers. */
export const AWS_LIKE: Profile = {
  checksBodies: true,
  checksums: "keeps",
  conditionalPut: "yes",
  conditionalComplete: true,
  copies: true,
  encrypts: true,
  classes: true,
  blocksPublicAccess: true,
  opaqueEtags: false,
  tellsFinishedEtag: true,
  unknownUpload: "NoSuchUpload",
  pageSize: 1000,
  namesNextPage: true,
  leastPartBytes: 5 * 1024 ** 2,
};

/** As Ceph's gateway 16.2 answers: no checksums, conditions on PUT alone, encryption accepted and not done. */
export const CEPH_LIKE: Profile = {
  ...AWS_LIKE,
  checksums: "ignores",
  conditionalComplete: false,
  tellsFinishedEtag: false,
  encrypts: false,
  classes: false,
  blocksPublicAccess: "owner-too",
  unknownUpload: "NoSuchKey",
};

/** Proves nothing and knows no conditions. */
export const POOR: Profile = {
  ...AWS_LIKE,
  checksBodies: false,
  checksums: "refuses",
  conditionalPut: "refuses",
  conditionalComplete: false,
  copies: false,
  encrypts: false,
  classes: false,
  blocksPublicAccess: false,
  opaqueEtags: true,
};

/** What the server is asked, by the names of S3's permissions and actions. */
export type Operation =
  | "GetObject"
  | "HeadObject"
  | "PutObject"
  | "DeleteObject"
  | "DeleteObjectVersion"
  | "ListObjectVersions"
  | "CopyObject"
  | "ListObjectsV2"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "ListParts"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListMultipartUploads"
  | "ListBuckets"
  | "CreateBucket"
  | "PutBucketVersioning"
  | "PutPublicAccessBlock"
  | "RestoreObject";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Keys that somebody got for a while, by signing in or from a role. */
export interface Session extends Keys {
  readonly sessionToken: string;
  isExpired: boolean;
}

/** Everything that the server knows. */
export interface State {
  profile: Profile;
  readonly keys: Keys;
  readonly region: string;
  readonly buckets: Map<string, Bucket>;
  readonly denied: Set<Operation>;
  readonly sessions: Map<string, Session>;
  /** Names of buckets that belong to others. */
  readonly takenNames: Set<string>;
  /** Every request that was understood, in order. */
  readonly log: { readonly operation: Operation; readonly key: string }[];
  /** How far the server's clock is ahead. */
  skewMs: number;
  /** The session of temporary keys is over. */
  isExpired: boolean;
}

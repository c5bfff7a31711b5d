import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { systemTime } from "../../src/infra/http/time.js";
import { capabilityFile } from "../../src/stores/s3/probing/s3-capabilities.js";
import { type S3Store, type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.js";
import { type UploadNotes, uploadNotes } from "../../src/stores/s3/writing/upload-notes.js";
import type { BucketObjects } from "../contract/behind-bucket.js";

export const BUCKET = "photos";
const endpoint = process.env["PHOTOSYNC_CEPH_ENDPOINT"] ?? "";
const keys = {
  accessKeyId: process.env["PHOTOSYNC_CEPH_KEY"] ?? "",
  secretAccessKey: process.env["PHOTOSYNC_CEPH_SECRET"] ?? "",
};
/** The cluster that `npm run test:ceph` started, as another program sees it. */
export const raw = new S3Client({
  endpoint,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: keys,
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});
const bucketMade = raw.send(new CreateBucketCommand({ Bucket: BUCKET }));

/** A store under a prefix of its own. */
export interface CephStore {
  readonly store: S3Store;
  readonly bucket: BucketObjects;
  readonly prefix: string;
  readonly notes: UploadNotes;
  /** The same store after a restart, or another computer's. */
  again(options?: { readonly elsewhere?: string } & Partial<S3StoreOptions>): S3Store;
  close(): Promise<void>;
}

function objectsUnder(prefix: string): BucketObjects {
  const inBucket = (object: string) => ({ Bucket: BUCKET, Key: prefix + object });
  return {
    address: `s3://${BUCKET}/${prefix}`,
    async read(object) {
      const { Body } = await raw.send(new GetObjectCommand(inBucket(object)));
      return new Uint8Array((await Body?.transformToByteArray()) ?? []);
    },
    async write(object, bytes) {
      await raw.send(new PutObjectCommand({ ...inBucket(object), Body: bytes }));
    },
    async names() {
      const { Contents = [] } = await raw.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
      return Contents.map(({ Key = "" }) => Key.slice(prefix.length));
    },
    async uploads() {
      const { Uploads = [] } = await raw.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
      );
      return Uploads.map(({ Key = "", UploadId = "" }) => ({
        object: Key.slice(prefix.length),
        uploadId: UploadId,
      }));
    },
  };
}

/** Opens a store that was never used. */
export async function openCephStore(settings: Partial<S3StoreOptions> = {}): Promise<CephStore> {
  await bucketMade;
  const folder = await mkdtemp(join(tmpdir(), "photosync-on-ceph-"));
  const prefix = `${randomBytes(6).toString("hex")}/`;
  const place = { endpoint, region: "us-east-1", bucket: BUCKET, prefix, pathStyle: true };
  const again: CephStore["again"] = ({ elsewhere = "here", ...options } = {}) =>
    s3Store({
      name: "ceph",
      place,
      keys: async () => keys,
      keeping: {},
      memory: capabilityFile(join(folder, elsewhere, "capabilities.json"), place, systemTime),
      notes: uploadNotes(join(folder, elsewhere, "uploads")),
      time: systemTime,
      random: Math.random,
      ...settings,
      ...options,
    });
  return {
    store: again(),
    bucket: objectsUnder(prefix),
    prefix,
    notes: uploadNotes(join(folder, "here", "uploads")),
    again,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

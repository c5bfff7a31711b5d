import { S3Client } from "@aws-sdk/client-s3";

/** Where the cluster that `npm run test:ceph` started is. */
export const endpoint = process.env["PHOTOSYNC_CEPH_ENDPOINT"] ?? "";
export const keys = {
  accessKeyId: process.env["PHOTOSYNC_CEPH_KEY"] ?? "",
  secretAccessKey: process.env["PHOTOSYNC_CEPH_SECRET"] ?? "",
};
/** The cluster past the store, as another program sees it. */
export const raw = new S3Client({
  endpoint,
  region: "us-east-1",
  forcePathStyle: true,
  credentials: keys,
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});

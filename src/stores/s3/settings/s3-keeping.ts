import type { ServerSideEncryption, StorageClass } from "@aws-sdk/client-s3";
import { PhotosyncError } from "../../../domain/errors.js";
import type { S3StoreSettings } from "../../../domain/preferences.js";
import { badSettings } from "./bad-settings.js";

/** How new objects are to be kept, in the SDK's words. */
export interface Keeping {
  readonly StorageClass?: StorageClass;
  readonly ServerSideEncryption?: ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html; those that a photo library can have use for. */
export const STORAGE_CLASSES: readonly StorageClass[] = [
  "STANDARD",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
  "REDUCED_REDUNDANCY",
];
/** Those whose objects can be read only after they were asked back. */
const ARCHIVES: ReadonlySet<string> = new Set<StorageClass>(["GLACIER", "DEEP_ARCHIVE"]);
const ENCRYPTION = /^(?:(AES256)|(aws:kms)(?::(.+))?)$/;

/** True for a class whose objects can be read only after they were asked back. */
export const isArchive = (storageClass: string | null | undefined): boolean =>
  storageClass !== null && storageClass !== undefined && ARCHIVES.has(storageClass);

/** The same for what has to be read at any time: out of the archive. */
export function readableKeeping(keeping: Keeping): Keeping {
  const { StorageClass: storageClass, ...rest } = keeping;
  return storageClass === undefined || isArchive(storageClass) ? rest : keeping;
}

/** The same as headers of a request that writes an object. */
export const keepingHeaders = (keeping: Keeping): Readonly<Record<string, string>> => ({
  ...(keeping.StorageClass === undefined ? {} : { "x-amz-storage-class": keeping.StorageClass }),
  ...(keeping.ServerSideEncryption === undefined
    ? {}
    : { "x-amz-server-side-encryption": keeping.ServerSideEncryption }),
  ...(keeping.SSEKMSKeyId === undefined
    ? {}
    : { "x-amz-server-side-encryption-aws-kms-key-id": keeping.SSEKMSKeyId }),
});

/** What `storage_class` and `server_side_encryption` (`AES256`, `aws:kms`, `aws:kms:<key id>`) mean; `store` as for `s3PlaceOf`. Throws `config.store` (user). */
export function keepingOf(store: string | null, settings: S3StoreSettings): Keeping {
  const { storage_class, server_side_encryption } = settings;
  const storageClass = STORAGE_CLASSES.find((one) => one === storage_class);
  if (storage_class !== undefined && storageClass === undefined)
    throw badSettings(
      store,
      `there is no storage_class ${storage_class}`,
      `Use one of: ${STORAGE_CLASSES.join(", ")}.`,
    );
  const found = ENCRYPTION.exec(server_side_encryption ?? "");
  if (server_side_encryption !== undefined && found === null)
    throw badSettings(
      store,
      `there is no server_side_encryption ${server_side_encryption}`,
      "Use one of: AES256, aws:kms, aws:kms:<key id>.",
    );
  const [, aes, , keyId] = found ?? [];
  return {
    ...(storageClass === undefined ? {} : { StorageClass: storageClass }),
    ...(found === null ? {} : { ServerSideEncryption: aes === undefined ? "aws:kms" : "AES256" }),
    ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }),
  };
}

/** Throws `store.not-encrypted` (user) where the owner wants objects encrypted by the server and its answer does not say that it did so. */
export function requireEncrypted(store: string, wanted: Keeping, answered: string | null): void {
  if (wanted.ServerSideEncryption === undefined || answered === wanted.ServerSideEncryption) return;
  throw new PhotosyncError({
    kind: "user",
    code: "store.not-encrypted",
    message: `Store ${store} took server_side_encryption ${wanted.ServerSideEncryption} without a word and did not encrypt.`,
    next: ["Take that setting out, and use client-side encryption instead, or another provider."],
  });
}

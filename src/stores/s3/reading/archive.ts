import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import { headObject, putObject, type Sent } from "../objects/s3-objects.js";
import type { Capabilities } from "../probing/s3-capabilities.js";
import type { S3Ground } from "../s3-parts.js";
import { isArchive, type Keeping } from "../settings/s3-keeping.js";

/** `store.archived` (transient): an object has to be asked back before it can be read. `key` is a blob's. */
export const archived = (store: string, key: string): PhotosyncError =>
  new PhotosyncError({
    kind: "transient",
    code: "store.archived",
    message: `Store ${store} keeps ${key} in an archive, from which it has to be asked back before it can be read.`,
    next: [
      "Ask for it with: photosync restore --thaw, and the photos that you want",
      "When it is there, hours later, run the same command again.",
    ],
    data: { store, key },
  });

/**
 * What lies in an archive cannot be read back, so only a server that keeps checksums can prove that it has the right bytes. Throws
 * `store.archive-unproven` (user).
 */
export function requireProvable(store: string, keeping: Keeping, can: Capabilities): void {
  if (!isArchive(keeping.StorageClass) || can.keepsChecksums) return;
  throw new PhotosyncError({
    kind: "user",
    code: "store.archive-unproven",
    message: `Store ${store} is to keep originals as ${keeping.StorageClass}, from where nothing can be read back, and its server keeps no checksums: nobody could prove what it holds.`,
    next: [
      "Use a storage class that can be read at once, such as STANDARD_IA or GLACIER_IR, or another provider.",
    ],
  });
}

/** Tries that the server really puts an object into the wanted archive. Throws `store.class-not-kept` (user), and what it refuses with. */
export async function requireArchived(
  { requests, keeping, name }: S3Ground,
  key: string,
  sent: Sent,
  call: Call,
): Promise<void> {
  await putObject(requests, key, sent, keeping, call);
  const head = await headObject(requests, key, call);
  if (head?.storageClass === keeping.StorageClass) return;
  throw new PhotosyncError({
    kind: "user",
    code: "store.class-not-kept",
    message: `Store ${name} took storage_class ${keeping.StorageClass} without a word and keeps objects as ${head?.storageClass ?? "STANDARD"}.`,
    next: ["Take that setting out, or use another provider."],
  });
}

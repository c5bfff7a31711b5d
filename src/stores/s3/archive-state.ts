import { isArchive } from "./s3-keeping.js";

/** `away`: it has to be asked back before it can be read. `coming`: somebody did, and it is on its way. Null for what can be read now. */
export type ArchiveState = "away" | "coming" | null;

/**
 * How far an object is in an archive, by what HEAD says of it (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: storage class,
 * `x-amz-restore`, and the archive tiers of INTELLIGENT_TIERING).
 */
export function archiveState(head: {
  readonly StorageClass?: string | undefined;
  readonly Restore?: string | undefined;
  readonly ArchiveStatus?: string | undefined;
}): ArchiveState {
  const { StorageClass: storageClass, Restore: restore, ArchiveStatus: tier } = head;
  if (!isArchive(storageClass) && tier === undefined) return null;
  if (restore === undefined) return "away";
  return restore.includes('ongoing-request="true"') ? "coming" : null;
}

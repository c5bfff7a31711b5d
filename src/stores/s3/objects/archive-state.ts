import { isArchive } from "../settings/s3-keeping.js";

/** `away`: it has to be asked back before it can be read. `coming`: somebody did, and it is on its way. Null for what can be read now. */
export type ArchiveState = "away" | "coming" | null;

/**
 * How far an object is in an archive, by what HEAD says of it (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: storage class,
 * `x-amz-restore`, and the archive tiers of INTELLIGENT_TIERING).
 */
export function archiveState(head: {
  readonly storageClass: string | null;
  readonly restore: string | null;
  readonly tier: string | null;
}): ArchiveState {
  const { storageClass, restore, tier } = head;
  if (!isArchive(storageClass) && tier === null) return null;
  if (restore === null) return "away";
  return restore.includes('ongoing-request="true"') ? "coming" : null;
}

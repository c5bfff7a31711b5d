import { type ServiceView, wishesFor } from "../domain/service-wishes.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { RowFields } from "../ports/catalog.js";
import type { Run } from "../ports/phase.js";
import type { Session } from "./session.js";
import { uploadAccounts } from "./upload-accounts.js";

/** Documents that are read to be exact; of more than so many photos nobody needs to know the last one. */
const MOST_READ = 200;

export interface WaitingUploads {
  readonly account: string;
  readonly photos: number;
  /** False where some of them may prove to be none that can or should go there. */
  readonly isExact: boolean;
}

/** True where the row leaves it open that the photo is to be uploaded. */
function mayWait(row: RowFields, { name, uploads, uploadLimits, uploadTypes }: ServiceView): boolean {
  if (row.processing_state === "discovered" || row.conflicts > 0 || row.services.includes(name)) return false;
  if (uploadTypes?.has(row.mime_type) === false) return false;
  const limit = row.mime_type.startsWith("video/") ? uploadLimits?.video : uploadLimits?.image;
  if (limit !== undefined && row.bytes > limit) return false;
  if (uploads.kind !== "some") return uploads.kind === "all";
  return (
    uploads.albums.some((title) => row.albums.includes(title)) ||
    uploads.tags.some((tag) => row.tags.includes(tag))
  );
}

/**
 * The photos that the owner wants on each account and that are not known to be there, as far as that can be told without asking the
 * service. Accounts that lack nothing are left out.
 */
export async function waitingUploads(
  { catalog, config, documents }: Session,
  run: Run,
): Promise<readonly WaitingUploads[]> {
  const { photos, byService } = catalog.sums();
  const waiting: WaitingUploads[] = [];
  for (const view of uploadAccounts(config.services)) {
    const { name } = view;
    if (byService.get(name) === photos) continue;
    const paths: string[] = [];
    let count = 0;
    for (const { path } of catalog.rows((row) => mayWait(row, view))) {
      throwIfAborted(run);
      count += 1;
      if (count <= MOST_READ) paths.push(path);
    }
    const isExact = count <= MOST_READ;
    for (const path of isExact ? paths : []) {
      const read = await documents.read(path);
      const isWanted =
        read.kind === "ok" && wishesFor(read.document, view).wishes.some(({ kind }) => kind === "upload");
      if (!isWanted) count -= 1;
    }
    if (count > 0) waiting.push({ account: name, photos: count, isExact });
  }
  return waiting.sort((a, b) => (a.account < b.account ? -1 : 1));
}

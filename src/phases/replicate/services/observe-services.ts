import type { PhotoDocument } from "../../../domain/photo.js";
import { own } from "../../../domain/same-json.js";
import { type ServiceView, type Wish, wishesFor } from "../../../domain/service-wishes.js";
import { isWider, whenAuditing } from "../../../domain/visibility.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Catalog, Documents, PhotoRow } from "../../../ports/catalog.js";
import type { Run } from "../../../ports/phase.js";
import type { UploadJournal } from "../../../ports/upload-journal.js";

/** What a photo lacks on a service, with what carrying it out needs of its document. */
export interface SeenWish {
  readonly service: string;
  readonly photo: Pick<PhotoDocument, "photo_id" | "blob_key" | "content_hash"> & {
    readonly filename: string;
    readonly bytes: number;
    readonly mimeType: string;
  };
  readonly wish: Wish;
  /** True for an upload that an earlier run began and nobody knows the end of. */
  readonly isPending: boolean;
}

export interface SeenServices {
  readonly wishes: readonly SeenWish[];
  readonly held: readonly { readonly subject: string; readonly why: string }[];
}

export interface ObserveServicesDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  /** Accounts to be written to. */
  readonly services: readonly ServiceView[];
  readonly journal: Pick<UploadJournal, "pending">;
}

/** False where the row alone shows that the service has nothing to be told of the photo. */
function mayWish(row: PhotoRow, service: ServiceView): boolean {
  const shown = own(row.seen_visibility, service.name);
  if (shown !== undefined && shown !== row.visibility) {
    const canBeSet = service.settableVisibilities.length > 0 || shown !== "unknown";
    if (canBeSet && (isWider(whenAuditing(shown), row.visibility) || row.processing_state !== "discovered"))
      return true;
  }
  // After `replicated` only what was seen to be too visible, or is new on the service, can be left to do.
  if (row.services.includes(service.name)) return row.processing_state === "resolved";
  return (
    row.processing_state !== "discovered" &&
    service.uploadLimits !== undefined &&
    service.uploads.kind !== "none"
  );
}

/**
 * What the services lack, from the documents alone: no service is asked, so that a plan costs no request. Reads only the
 * documents of photos whose row leaves a doubt.
 */
export async function observeServices(
  { catalog, documents, services, journal }: ObserveServicesDeps,
  run: Run,
): Promise<SeenServices> {
  const wishes: SeenWish[] = [];
  const held: { readonly subject: string; readonly why: string }[] = [];
  if (services.length === 0) return { wishes, held };
  run.progress.stage("Comparing with the services", {});
  const pending = new Map(
    await Promise.all(services.map(async ({ name }) => [name, await journal.pending(name)] as const)),
  );
  for (const row of catalog.rows()) {
    throwIfAborted(run);
    const asked = services.filter((service) => mayWish(row, service));
    if (asked.length === 0) continue;
    const read = await documents.read(row.path);
    if (read.kind !== "ok") continue;
    const { document } = read;
    const photo = {
      photo_id: document.photo_id,
      blob_key: document.blob_key,
      content_hash: document.content_hash,
      filename: document.metadata.filename,
      bytes: document.media.bytes,
      mimeType: document.media.mime_type,
    };
    for (const service of asked) {
      const found = wishesFor(document, service);
      const isPending = pending.get(service.name)?.has(document.photo_id) === true;
      for (const wish of found.wishes) wishes.push({ service: service.name, photo, wish, isPending });
      for (const why of found.held) held.push({ subject: document.photo_id, why });
    }
  }
  return { wishes, held };
}

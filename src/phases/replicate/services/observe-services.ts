import type { PhotoDocument } from "../../../domain/photo.js";
import { own } from "../../../domain/same-json.js";
import { type ServiceView, type Wish, wishesFor } from "../../../domain/service-wishes.js";
import { isWider, whenAuditing } from "../../../domain/visibility.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Catalog, Documents, PhotoRow } from "../../../ports/catalog.js";
import type { HeldBack, Run } from "../../../ports/phase.js";
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
  /** Of all accounts, also of those that this run leaves alone. */
  readonly wishes: readonly SeenWish[];
  readonly held: readonly HeldBack[];
  /** The accounts that this run writes to. */
  readonly targets: ReadonlySet<string>;
  /** True when it writes to all, so that a photo whose steps are done is replicated. */
  readonly isWhole: boolean;
}

/** What a run without accounts to write to sees of them. */
export const NO_SERVICES: SeenServices = { wishes: [], held: [], targets: new Set(), isWhole: true };

export interface ObserveServicesDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  /** Accounts that may be written to. */
  readonly services: readonly ServiceView[];
  /** Those of them that this run writes to. */
  readonly targets: ReadonlySet<string>;
  /** Accounts of which every photo is to be looked at anew, because what may be written there has changed. */
  readonly anew: ReadonlySet<string>;
  readonly journal: Pick<UploadJournal, "pending">;
}

/** False where the row alone shows that the service has nothing to be told of the photo. */
function mayWish(row: PhotoRow, service: ServiceView, isAnew: boolean): boolean {
  const shown = own(row.seen_visibility, service.name);
  if (shown !== undefined && shown !== row.visibility) {
    const canBeSet = service.settableVisibilities.length > 0 || shown !== "unknown";
    if (canBeSet && (isWider(whenAuditing(shown), row.visibility) || row.processing_state !== "discovered"))
      return true;
  }
  // After `replicated` only what was seen to be too visible, or is new on the service, can be left to do.
  if (row.services.includes(service.name)) {
    return row.processing_state === "resolved" || (isAnew && row.processing_state === "replicated");
  }
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
  { catalog, documents, services, targets, anew, journal }: ObserveServicesDeps,
  run: Run,
): Promise<SeenServices> {
  const wishes: SeenWish[] = [];
  const held: HeldBack[] = [];
  if (services.length === 0) return NO_SERVICES;
  run.progress.stage("Comparing with the services", {});
  const pending = new Map(
    await Promise.all(services.map(async ({ name }) => [name, await journal.pending(name)] as const)),
  );
  for (const row of catalog.rows()) {
    throwIfAborted(run);
    const asked = services.filter((service) => mayWish(row, service, anew.has(service.name)));
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
      if (!targets.has(service.name)) continue;
      for (const why of found.held) held.push({ subject: document.photo_id, why, service: service.name });
    }
  }
  return { wishes, held, targets, isWhole: services.every(({ name }) => targets.has(name)) };
}

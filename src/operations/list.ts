import type { PhotoRow } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { ListOptions } from "./options.js";
import { matchingFields } from "./photo-filter.js";
import type { ListedPhoto, ListResult } from "./results.js";
import { withSession } from "./session.js";

/** A test that a row passes when a blob of it lacks a replica in the store, or when none is named. */
export const lackingIn =
  (store: string | undefined) =>
  ({ blobs }: PhotoRow): boolean =>
    store === undefined || blobs.some((blob) => blob.stores[store] === undefined);

const listed = (row: PhotoRow): ListedPhoto => ({
  photo_id: row.photo_id,
  taken_date: row.taken_date,
  filename: row.filename,
  mime_type: row.mime_type,
  bytes: row.bytes,
  processing_state: row.processing_state,
  visibility: row.visibility,
  services: row.services,
  stores: Object.keys(row.blobs[0]?.stores ?? {}).sort(),
  conflicts: row.conflicts,
  path: row.path,
});

/** The photos that pass the filters, oldest first, undated ones last; `counts.photos` counts them before the limit. */
export function list(
  libraryRoot: string,
  control: ControlPlane,
  options: ListOptions,
  run: Run,
): Promise<ListResult> {
  return withSession(libraryRoot, control, "list", "read", run, async ({ catalog }) => {
    const found: ListedPhoto[] = [];
    const lacks = lackingIn(options.notIn);
    for (const row of catalog.rows(matchingFields(options))) if (lacks(row)) found.push(listed(row));
    const key = (photo: ListedPhoto) => `${photo.taken_date ?? "~"} ${photo.photo_id}`;
    const keyed = found.map((photo) => ({ photo, at: key(photo) })).sort((a, b) => (a.at < b.at ? -1 : 1));
    const failures = catalog.invalid();
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: { photos: found.length },
      failures,
      outcome: failures.length > 0 ? "partial" : "done",
      photos: keyed.slice(0, options.limit ?? keyed.length).map(({ photo }) => photo),
    };
  });
}

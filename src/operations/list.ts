import type { PhotoRow } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { ListOptions } from "./options.js";
import type { ListedPhoto, ListResult } from "./results.js";
import { withSession } from "./session.js";

const sameText = (a: string, b: string): boolean =>
  a.normalize("NFC").localeCompare(b.normalize("NFC"), undefined, { sensitivity: "accent" }) === 0;

const contains = (text: string, part: string): boolean =>
  text.normalize("NFC").toLowerCase().includes(part.normalize("NFC").toLowerCase());

/** True when the row passes every filter that is set. */
export function matches(row: PhotoRow, options: ListOptions): boolean {
  const day = row.taken_date?.slice(0, 10) ?? null;
  const { state, service, album, person, tag, camera, kind, from, to, notIn } = options;
  if (state !== undefined && row.processing_state !== state) return false;
  if (service !== undefined && !row.services.includes(service)) return false;
  if (album !== undefined && !row.albums.some((name) => sameText(name, album))) return false;
  if (person !== undefined && !row.people.some((name) => sameText(name, person))) return false;
  if (tag !== undefined && !row.tags.some((name) => sameText(name, tag))) return false;
  if (camera !== undefined && !contains(row.camera, camera)) return false;
  if (kind !== undefined && !row.mime_type.startsWith(`${kind}/`)) return false;
  if (from !== undefined && (day === null || day < from)) return false;
  if (to !== undefined && (day === null || day > to)) return false;
  if (options.undated && day !== null) return false;
  if (options.conflicts && row.conflicts === 0) return false;
  return notIn === undefined || row.blobs.some((blob) => blob.stores[notIn] === undefined);
}

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
    for (const row of catalog.rows()) if (matches(row, options)) found.push(listed(row));
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

import type { PhotoRow, RowFields } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { ListOptions } from "./options.js";
import type { ListedPhoto, ListResult } from "./results.js";
import { withSession } from "./session.js";

/** Whether a text is the wanted one but for case. The same few names come again and again: each is compared once. */
function sameAs(wanted: string): (text: string) => boolean {
  const collator = new Intl.Collator(undefined, { sensitivity: "accent" });
  const form = wanted.normalize("NFC");
  const known = new Map<string, boolean>();
  return (text) => {
    let same = known.get(text);
    if (same === undefined) {
      same = collator.compare(text.normalize("NFC"), form) === 0;
      if (known.size < MOST_KNOWN) known.set(text, same);
    }
    return same;
  };
}

/** Bounds the memory of a filter on a library where hardly a name comes twice. */
const MOST_KNOWN = 10_000;

const folded = (text: string): string => text.normalize("NFC").toLowerCase();

type Filter = (fields: RowFields) => boolean;

function nameFilters({ album, person, tag, camera }: ListOptions): readonly Filter[] {
  const filters: Filter[] = [];
  const among = (wanted: string | undefined, names: (row: RowFields) => readonly string[]) => {
    if (wanted === undefined) return;
    const same = sameAs(wanted);
    filters.push((row) => names(row).some(same));
  };
  among(album, (row) => row.albums);
  among(person, (row) => row.people);
  among(tag, (row) => row.tags);
  if (camera !== undefined) {
    const part = folded(camera);
    filters.push((row) => folded(row.camera).includes(part));
  }
  return filters;
}

/** A test that a row passes when it passes every filter that is set, but for `notIn`. */
export function matchingFields(options: ListOptions): Filter {
  const { state, service, kind, from, to } = options;
  const byName = nameFilters(options);
  return (row) => {
    const day = row.taken_date?.slice(0, 10) ?? null;
    if (state !== undefined && row.processing_state !== state) return false;
    if (service !== undefined && !row.services.includes(service)) return false;
    if (kind !== undefined && !row.mime_type.startsWith(`${kind}/`)) return false;
    if (from !== undefined && (day === null || day < from)) return false;
    if (to !== undefined && (day === null || day > to)) return false;
    if (options.undated && day !== null) return false;
    if (options.conflicts && row.conflicts === 0) return false;
    return byName.every((passes) => passes(row));
  };
}

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

import type { RowFields } from "../ports/catalog.js";
import type { PhotoFilter } from "./options.js";

/** Whether a text is the wanted one but for case. The same few names come again and again: each is compared once. */
export function sameAs(wanted: string): (text: string) => boolean {
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

function nameFilters({ album, person, tag, camera }: PhotoFilter): readonly Filter[] {
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

/** A test that a row passes when it passes every filter that is set. */
export function matchingFields(options: PhotoFilter): Filter {
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

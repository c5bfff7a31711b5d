import { distinctNames } from "./fields.js";
import type { InstanceFound, PhotoFound, Reading, Readings } from "./finding.js";
import type { ContentHash } from "./ids.js";
import { type Facts, ORIGINAL_SOURCE, type PhotoDocument, type SourceRecord } from "./photo.js";
import { byCodeUnit, own, sameJson, withEntry } from "./same-json.js";

export type Sources = PhotoDocument["sources"];

/**
 * Counters that rise without anybody touching the photo: Google Takeout's `imageViews`; `count_views`,
 * `count_faves`, `count_comments` of Flickr's account data; `views` of Flickr's API.
 */
const VOLATILE_KEYS = new Set(["imageViews", "count_views", "count_faves", "count_comments", "views"]);

const steady = (raw: SourceRecord["raw"]): SourceRecord["raw"] =>
  Object.fromEntries(Object.entries(raw).filter(([key]) => !VOLATILE_KEYS.has(key)));

/** The newer reading of the same words, with the albums and people that either place of finding told of. */
function unitedFacts(known: Facts, found: Facts): Facts {
  const names = (key: "albums" | "people") => {
    const before = known[key] ?? [];
    const held = distinctNames(before);
    const added = distinctNames(found[key] ?? []).filter((name) => !held.includes(name));
    return added.length === 0 ? before : [...before, ...added].toSorted(byCodeUnit);
  };
  const [albums, people] = [names("albums"), names("people")];
  const isSaid = (key: "favorite" | "archived" | "trashed") => known[key] === true || found[key] === true;
  return {
    ...found,
    ...(albums.length > 0 && { albums }),
    ...(people.length > 0 && { people }),
    ...(isSaid("favorite") && { favorite: true }),
    ...(isSaid("archived") && { archived: true }),
    ...(isSaid("trashed") && { trashed: true }),
  };
}

/**
 * The records with one more. Words already on record for this id, whenever they came, are not repeated (an old export
 * read again changes nothing); words that differ in counters alone replace them; others are appended, so that nothing a
 * source said is lost and the last record speaks for the id. Words that a source holds now speak last again, however old
 * they are: somebody went back to them.
 */
function withRecord(
  records: readonly SourceRecord[],
  found: SourceRecord,
  isCurrent: boolean,
): readonly SourceRecord[] {
  const index = records.findLastIndex(
    (record) => record.id === found.id && sameJson(steady(record.raw), steady(found.raw)),
  );
  const known = records[index];
  if (known === undefined) return [...records, found];
  const record = { id: known.id, facts: unitedFacts(known.facts, found.facts), raw: found.raw };
  const isLast = records.findLastIndex(({ id }) => id === found.id) === index;
  return isLast || !isCurrent ? records.with(index, record) : [...records.toSpliced(index, 1), record];
}

/** The sources with what a service said of one instance. */
const withStatement = (sources: Sources, service: string, { record, isCurrent }: InstanceFound): Sources =>
  record === null
    ? sources
    : withEntry(sources, service, withRecord(own(sources, service) ?? [], record, isCurrent === true));

/** The sources with what a file's bytes say. Bytes never change their mind: a newer reading replaces the older one. */
function withReading(sources: Sources, hash: ContentHash, reading: Reading | undefined): Sources {
  if (reading === undefined) return sources;
  const records = own(sources, ORIGINAL_SOURCE) ?? [];
  const record: SourceRecord = { id: hash, facts: reading.facts, raw: reading.raw };
  const isKnown = records.some(({ id }) => id === hash);
  return withEntry(
    sources,
    ORIGINAL_SOURCE,
    isKnown ? records.map((one) => (one.id === hash ? record : one)) : [...records, record],
  );
}

/** The sources with everything that a finding and the bytes of its files say. */
export function sourcesWith(known: Sources, finding: PhotoFound, readings: Readings): Sources {
  const files = [{ file: finding.original, instances: finding.instances }, ...finding.variants];
  return files.reduce((sources, { file, instances }) => {
    const read = withReading(sources, file.hash, readings.get(file.hash));
    return instances.reduce((all, instance) => withStatement(all, finding.service, instance), read);
  }, known);
}

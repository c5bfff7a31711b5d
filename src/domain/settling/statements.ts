import { copiesIn } from "../copies.js";
import { type Json, ORIGINAL_SOURCE, type PhotoDocument, type SourceRecord } from "../photo.js";
import { relateValues, sayingsOn } from "../ruled-fields.js";
import { byCodeUnit, own } from "../same-json.js";
import { compareTakenDates } from "../taken-date.js";
import { bySpeaker, type Evidence } from "../witnesses.js";
import type { RuleContext, RuledField, Statement } from "./value-rule.js";

/** EXIF's `FileSource` of what was no camera: 1 a film scanner, 2 a scanner of prints (Exif 2.32, 4.6.5; 3 is a camera). */
const SCANNER_SOURCES: readonly Json[] = [1, 2];
/** Makes, models and programs that only scanners have. */
const SCANNER =
  /scan|perfection|coolscan|dimage scan|fastfoto|opticfilm|opticbook|plustek|reflecta|silverfast|vuescan|\blide ?\d/iu;

const textAt = (raw: SourceRecord["raw"], tag: string): string => {
  const value = own(raw, tag);
  return typeof value === "string" ? value : "";
};

/**
 * True where the bytes' date is the day on which a print or a slide was scanned: a scanner wrote them, and nobody has put
 * another date of capture into them since (it would differ from that of digitizing).
 */
function isScan(record: SourceRecord | undefined): boolean {
  if (record === undefined) return false;
  const { raw } = record;
  const source = own(raw, "EXIF:FileSource");
  const first = Array.isArray(source) ? source[0] : source;
  const named = ["EXIF:Make", "EXIF:Model", "EXIF:Software"].some((tag) => SCANNER.test(textAt(raw, tag)));
  if (!named && !SCANNER_SOURCES.some((one) => one === first)) return false;
  const [taken, digitized] = [textAt(raw, "EXIF:DateTimeOriginal"), textAt(raw, "EXIF:CreateDate")];
  return taken === "" || digitized === "" || taken === digitized;
}

/** A statement, and the name under which a conflict lists it: the service, or `service:id` where its copies differ. */
export interface SpokenStatement extends Statement {
  readonly speaker: string;
}

/**
 * What each source says of a field, for rules and for people, in order of trust. A service that repeats a scanner's date
 * says no more than the scanner does.
 */
export function statementsOf(evidence: Evidence, field: RuledField): readonly SpokenStatement[] {
  const said = sayingsOn(evidence, field);
  const names = bySpeaker(said, (a, b) => relateValues(field, a, b) === "same");
  const original = own(evidence.sources, ORIGINAL_SOURCE)?.find(({ id }) => id === evidence.content_hash);
  const date = field === "taken_date" && isScan(original) ? original?.facts.taken_date : undefined;
  const isOfScan = (value: Json): boolean =>
    date !== undefined && typeof value === "string" && compareTakenDates(date, value) !== "different";
  return said.map(({ source, id, value }) => ({
    source,
    speaker: names.has(source) ? source : `${source}:${id}`,
    value,
    ...(isOfScan(value) && { isOfScan: true }),
  }));
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What rules may look at beside the statements; the same in whatever order services were read. */
export function contextOf(document: Evidence & Pick<PhotoDocument, "metadata">): RuleContext {
  const { instances, metadata, sources } = document;
  const places = copiesIn(instances).flatMap(({ locations }) => locations ?? []);
  const said = Object.values(sources).flatMap((records) =>
    records.flatMap(({ facts }) => (facts.filename === undefined ? [] : [facts.filename])),
  );
  const names = [metadata.filename, ...said, ...places.map(({ path, entry }) => lastPart(entry ?? path))];
  return { filenames: [...new Set(names)].sort(byCodeUnit) };
}

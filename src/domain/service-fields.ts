import { resolutionInForce } from "./discrepancy.js";
import { canonicalValue, distinctNames, FIELD_RULES, type MetadataField } from "./fields.js";
import type { Facts, Json, PhotoDocument, Place } from "./photo.js";
import { byCodeUnit, own } from "./same-json.js";

/** The fields of a photo that can be written to a service, in the document's own words. */
export const WRITABLE_FIELDS = ["title", "caption", "tags", "taken_date", "location", "albums"] as const;
export type WritableField = (typeof WRITABLE_FIELDS)[number];

/** Values to write; a field that is absent is left as it is, an empty one is emptied. */
export interface WrittenFields {
  readonly title?: string;
  readonly caption?: string;
  readonly tags?: readonly string[];
  /** As in the document. */
  readonly taken_date?: string;
  readonly location?: Place;
  /** Titles of albums that photosync keeps on this service; only ever added to. */
  readonly albums?: readonly string[];
}

/** The canonical values of those fields that the photo has a value for. */
export function canonicalFields(
  { metadata, albums }: Pick<PhotoDocument, "metadata" | "albums">,
  which: ReadonlySet<WritableField>,
): WrittenFields {
  const { title, caption, tags, taken_date, location } = metadata;
  return {
    ...(which.has("title") && title !== undefined && { title }),
    ...(which.has("caption") && caption !== undefined && { caption }),
    ...(which.has("tags") && tags.length > 0 && { tags }),
    ...(which.has("taken_date") && taken_date !== null && { taken_date }),
    ...(which.has("location") && location !== undefined && { location }),
    ...(which.has("albums") && albums !== undefined && albums.length > 0 && { albums }),
  };
}

/** True where the service's word is another one than the canonical value, not just another spelling of it. */
function differs(field: MetadataField, facts: Facts, canonical: Json): boolean {
  const said = FIELD_RULES[field].read(facts);
  if (said === undefined) return true;
  const relation = FIELD_RULES[field].relate(said, canonical);
  return relation === "different" || relation === "unitable";
}

/** True where a person (or a rule) decided that the field has no value, and the service still has one. */
function isToBeEmptied(document: PhotoDocument, field: MetadataField, facts: Facts): boolean {
  return (
    canonicalValue(document.metadata, field) === undefined &&
    FIELD_RULES[field].read(facts) !== undefined &&
    resolutionInForce(document, field) !== undefined
  );
}

/** What the service last said of one of its instances; nothing where it never said anything. */
const lastWords = ({ sources }: Pick<PhotoDocument, "sources">, service: string, id: string): Facts =>
  own(sources, service)?.findLast((record) => record.id === id)?.facts ?? {};

/** What a service's facts say in the fields that are to be written; a field it is silent on is absent. */
export function saidFields(facts: Facts, fields: WrittenFields): Readonly<Record<string, Json>> {
  const said: Record<string, Json> = {};
  for (const name of WRITABLE_FIELDS) {
    if (fields[name] === undefined) continue;
    const value =
      name === "albums"
        ? distinctNames(facts.albums ?? []).toSorted(byCodeUnit)
        : FIELD_RULES[name].read(facts);
    if (value !== undefined) said[name] = value;
  }
  return said;
}

/** What the service is on record to say in these fields; compare with `saidFields` of its facts now. */
export const recordedFields = (
  document: Pick<PhotoDocument, "sources">,
  service: string,
  id: string,
  fields: WrittenFields,
): Readonly<Record<string, Json>> => saidFields(lastWords(document, service, id), fields);

/**
 * What has to be written so that an instance says what the library settled on: only fields in which its last words differ.
 * A text or list is emptied only where somebody decided so; a date or place is never taken away. Albums are only added.
 */
export function fieldsToCorrect(
  document: PhotoDocument,
  service: string,
  id: string,
  which: ReadonlySet<WritableField>,
): WrittenFields {
  const facts = lastWords(document, service, id);
  const wanted = canonicalFields(document, which);
  const corrected = (field: "title" | "caption" | "tags" | "taken_date" | "location"): boolean => {
    const value = canonicalValue(document.metadata, field);
    return wanted[field] !== undefined && value !== undefined && differs(field, facts, value);
  };
  const known = distinctNames(facts.albums ?? []);
  const albums = distinctNames(wanted.albums ?? []).filter((title) => !known.includes(title));
  const emptied = (field: "title" | "caption" | "tags"): boolean =>
    which.has(field) && isToBeEmptied(document, field, facts);
  return {
    ...(corrected("title") ? { title: wanted.title ?? "" } : emptied("title") && { title: "" }),
    ...(corrected("caption") ? { caption: wanted.caption ?? "" } : emptied("caption") && { caption: "" }),
    ...(corrected("tags") ? { tags: wanted.tags ?? [] } : emptied("tags") && { tags: [] }),
    ...(corrected("taken_date") && wanted.taken_date !== undefined && { taken_date: wanted.taken_date }),
    ...(corrected("location") && wanted.location !== undefined && { location: wanted.location }),
    ...(albums.length > 0 && { albums }),
  };
}

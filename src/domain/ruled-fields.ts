import { type Relation, relateLists } from "./agreement.js";
import { canonicalValue, distinctNames, FIELD_RULES, isMetadataField, METADATA_FIELDS } from "./fields.js";
import type { Json, PhotoDocument } from "./photo.js";
import { byCodeUnit } from "./same-json.js";
import type { RuledField } from "./settling/value-rule.js";
import { type Evidence, type Said, sayingsOf, witnessesOf } from "./witnesses.js";

/** The part of a document that holds the values of ruled fields. */
export type Holding = Pick<PhotoDocument, "metadata" | "albums" | "people">;

/** Every field that sources can disagree on, in the order in which they are shown. */
export const RULED_FIELDS: readonly RuledField[] = [...METADATA_FIELDS, "albums", "people"];

/** True for the name of a field that sources can disagree on. */
export const isRuledField = (name: string): name is RuledField =>
  RULED_FIELDS.some((field) => field === name);

/** True for fields whose values are lists of names that can all be true. */
export const isListField = (field: RuledField): boolean =>
  field === "tags" || field === "albums" || field === "people";

/** How a resolution writes that a field is to have no value. */
export const nothingOf = (field: RuledField): Json => (isListField(field) ? [] : null);

/** The field's name for people, in the plural. */
export const pluralOf = (field: RuledField): string =>
  isMetadataField(field) ? FIELD_RULES[field].plural : field;

/** How two values of a field stand to each other. */
export const relateValues = (field: RuledField, left: Json, right: Json): Relation =>
  isMetadataField(field) ? FIELD_RULES[field].relate(left, right) : relateLists(left, right);

/** The value that the document holds, as JSON; undefined where it has none. */
export function heldValue(document: Holding, field: RuledField): Json | undefined {
  if (isMetadataField(field)) return canonicalValue(document.metadata, field);
  const names = document[field] ?? [];
  return names.length > 0 ? names : undefined;
}

/** The values with this one of the field (undefined or null: with none); null where it is none for the field. */
export function withValue(holding: Holding, field: RuledField, value: Json | undefined): Holding | null {
  if (isMetadataField(field)) {
    const metadata = FIELD_RULES[field].write(holding.metadata, value);
    return metadata === null ? null : { ...holding, metadata };
  }
  const given = value ?? [];
  if (!Array.isArray(given) || !given.every((name): name is string => typeof name === "string")) return null;
  const { [field]: _, ...rest } = holding;
  const names = distinctNames(given).toSorted(byCodeUnit);
  return { ...rest, ...(names.length > 0 && { [field]: names }) };
}

/** The values of ruled fields alone. */
export const holdingOf = ({ metadata, albums, people }: Holding): Holding => ({
  metadata,
  ...(albums !== undefined && { albums }),
  ...(people !== undefined && { people }),
});

/** The document with these values of its ruled fields. */
export function withHolding(document: PhotoDocument, holding: Holding): PhotoDocument {
  const { albums, people, ...rest } = document;
  return { ...rest, ...holdingOf(holding) };
}

/**
 * What each source says of a field, in order of trust. Albums are everything that a source ever said: exports name the albums
 * they hold and never say that a photo left one.
 */
export function sayingsOn(evidence: Evidence, field: RuledField): readonly Said[] {
  if (isMetadataField(field)) return sayingsOf(witnessesOf(evidence).speaking, field);
  const names = (lists: readonly (readonly string[] | undefined)[]) =>
    distinctNames(lists.flatMap((list) => list ?? [])).toSorted(byCodeUnit);
  const said: readonly Said[] =
    field === "albums"
      ? Object.entries(evidence.sources)
          .toSorted(([a], [b]) => byCodeUnit(a, b))
          .map(([source, records]) => ({
            source,
            id: "",
            value: names(records.map(({ facts }) => facts.albums)),
          }))
      : witnessesOf(evidence).speaking.map(({ source, id, facts }) => ({
          source,
          id,
          value: names([facts.people]),
        }));
  return said.filter(({ value }) => Array.isArray(value) && value.length > 0);
}

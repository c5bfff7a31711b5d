import { copiesOf } from "./copies.js";
import { distinctNames, FIELD_RULES, METADATA_FIELDS, type MetadataField } from "./fields.js";
import { type Facts, type Json, type Metadata, ORIGINAL_SOURCE, type PhotoDocument } from "./photo.js";
import { heldValue } from "./ruled-fields.js";
import { byCodeUnit, own } from "./same-json.js";
import type { RuledField } from "./settling/value-rule.js";
import { parseTakenDate } from "./taken-date.js";
import { type Evidence, type Said, sayingsOf, type Witnesses, witnessesOf } from "./witnesses.js";

/** Lists and flags beside the metadata, absent where no source has them. */
export type Marks = Pick<
  PhotoDocument,
  "albums" | "people" | "favorite" | "archived" | "trashed" | "ownership"
>;

/** What the sources together say of a photo. The file name is not derived: it stays the first original's. */
export interface Derived {
  readonly metadata: Omit<Metadata, "filename">;
  readonly marks: Marks;
}

/**
 * The value of one field: the first in order of trust, merged with the others as the field allows.
 *
 * Trust: the original's own bytes, then the services by name (and ids within one), then what only fills gaps. Of dates
 * that are not the original's own, a wall clock goes before a bare instant, because an instant in UTC would put a
 * photo taken on a New Year's Eve abroad into the wrong month; no zone is ever made up from two that differ.
 */
function mergedValue({ speaking, filling }: Witnesses, field: MetadataField): Json | undefined {
  const loud = sayingsOf(speaking, field);
  const ordered = field === "taken_date" ? clocksFirst(loud) : loud;
  const values = [...ordered, ...sayingsOf(filling, field)].map(({ value }) => value);
  // A list of a clip or a variant is no gap to fill once somebody speaks.
  const counted = field === "tags" && loud.length > 0 ? ordered.map(({ value }) => value) : values;
  return counted.length === 0 ? undefined : FIELD_RULES[field].merge(counted);
}

function clocksFirst(sayings: readonly Said[]): readonly Said[] {
  const rank = ({ source, value }: Said): number => {
    if (source === ORIGINAL_SOURCE) return 0;
    return typeof value === "string" && parseTakenDate(value)?.instantOnly === false ? 1 : 2;
  };
  return sayings.toSorted((a, b) => rank(a) - rank(b));
}

function marksOf(evidence: Evidence, { speaking, filling }: Witnesses): Marks {
  const facts = [...speaking, ...filling].map((witness) => witness.facts);
  // Albums of every record ever seen: exports name the albums they hold and never say that a photo left one.
  const everSaid = Object.values(evidence.sources).flatMap((records) =>
    records.map((record) => record.facts),
  );
  const names = (from: readonly Facts[], key: "albums" | "people") =>
    distinctNames(from.flatMap((one) => one[key] ?? [])).toSorted(byCodeUnit);
  const albums = names(everSaid, "albums");
  const people = names(facts, "people");
  const anySays = (key: "favorite" | "archived" | "trashed") => facts.some((one) => one[key] === true);
  return {
    ...(albums.length > 0 && { albums }),
    ...(people.length > 0 && { people }),
    ...(anySays("favorite") && { favorite: true }),
    ...(anySays("archived") && { archived: true }),
    ...(anySays("trashed") && { trashed: true }),
    ...(isSomebodyElses(evidence) && { ownership: "other" as const }),
  };
}

/** Only when every instance's record says so: a photo that is also in the owner's folder is the owner's. */
function isSomebodyElses(evidence: Evidence): boolean {
  const holders = [evidence.instances, ...(evidence.variants ?? []).map((variant) => variant.instances)];
  const ids = holders.flatMap((instances) =>
    Object.entries(instances).flatMap(([service, instance]) =>
      copiesOf(instance).map(({ id }) => ({ service, id })),
    ),
  );
  return (
    ids.length > 0 &&
    ids.every(({ service, id }) => {
      return (
        own(evidence.sources, service)?.findLast((record) => record.id === id)?.facts.ownership === "other"
      );
    })
  );
}

/**
 * The canonical fields as the source records give them: pure, and independent of the order in which sources came.
 * Where sources disagree it still gives the most trusted value; `discrepancies` tells that they do.
 */
export function derive(evidence: Evidence): Derived {
  const witnesses = witnessesOf(evidence);
  const blank: Metadata = { taken_date: null, filename: "", tags: [] };
  const { filename: _, ...metadata } = METADATA_FIELDS.reduce<Metadata>(
    (written, field) => FIELD_RULES[field].write(written, mergedValue(witnesses, field)) ?? written,
    blank,
  );
  return { metadata, marks: marksOf(evidence, witnesses) };
}

/** The derived value of one field as JSON; undefined where no source has one. */
export const derivedValue = ({ metadata, marks }: Derived, field: RuledField): Json | undefined =>
  heldValue({ ...marks, metadata: { ...metadata, filename: "" } }, field);

/** A chosen place or camera with what it lacks and others that do not contradict it know; other values as they are. */
export function completedValue(evidence: Evidence, field: RuledField, value: Json): Json {
  if (field !== "location" && field !== "camera_info") return value;
  const { speaking, filling } = witnessesOf(evidence);
  const others = [...sayingsOf(speaking, field), ...sayingsOf(filling, field)].map((one) => one.value);
  return FIELD_RULES[field].merge([value, ...others]) ?? value;
}

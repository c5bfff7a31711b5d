import { relateLists } from "./agreement.js";
import { conflictOf, isFieldConflict } from "./conflict.js";
import { type Derived, derivedValue, type Marks } from "./derive.js";
import { CANONICAL_SPEAKER, discrepancyOf, isReopened, nothingOf, resolutionInForce } from "./discrepancy.js";
import { canonicalValue, FIELD_RULES, METADATA_FIELDS, type MetadataField } from "./fields.js";
import type { Conflict, Json, Metadata, PhotoDocument } from "./photo.js";
import { byCodeUnit, sameJson } from "./same-json.js";
import { type Evidence, sayingsOf, witnessesOf } from "./witnesses.js";

/** True when a list holds a name, or a field a value, that nobody had said before. */
function isNews(field: MetadataField, value: Json, known: readonly Json[]): boolean {
  if (field === "tags") {
    return relateLists([...known, value].flat(), known.flat()) !== "same";
  }
  return known.every((one) => !["same", "alike"].includes(FIELD_RULES[field].relate(one, value)));
}

/**
 * True when a source now contradicts what a person settled on: it changed to something else, or a new one says what
 * the person had not seen when they decided.
 */
function isContradicted(
  before: Evidence,
  after: Evidence,
  field: MetadataField,
  settled: Json | undefined,
): boolean {
  const earlier = sayingsOf(witnessesOf(before).speaking, field);
  const held = settled === undefined ? [] : [settled];
  return sayingsOf(witnessesOf(after).speaking, field).some(({ source, id, value }) => {
    const then = earlier.find((one) => one.source === source && one.id === id);
    if (then === undefined) return isNews(field, value, [...held, ...earlier.map((one) => one.value)]);
    return !sameJson(then.value, value) && isNews(field, value, held);
  });
}

/** What following the sources makes of one field. */
interface Followed {
  readonly value: Json | undefined;
  /** The resolution of the field no longer stands: a rule made it of values that have changed. */
  readonly isOutdated: boolean;
  /** The owner settled the field and must be asked again; their value stays meanwhile. */
  readonly isReopened: boolean;
}

function follow(
  known: PhotoDocument,
  evidence: Evidence,
  field: MetadataField,
  derived: { readonly before: Derived; readonly after: Derived },
): Followed {
  const held = canonicalValue(known.metadata, field);
  const stays: Followed = { value: held, isOutdated: false, isReopened: false };
  if (isReopened(known, field)) return stays;
  const after = derivedValue(derived.after, field);
  const resolution = resolutionInForce(known, field);
  if (resolution?.by === "person") {
    return { ...stays, isReopened: isContradicted(known, evidence, field, held) };
  }
  const followed = resolution !== undefined || sameJson(held, derivedValue(derived.before, field));
  if (!followed || sameJson(held, after)) return stays;
  return { value: after, isOutdated: resolution !== undefined, isReopened: false };
}

/**
 * The document with new evidence, its canonical fields brought along: a field that followed the sources still does,
 * a field that a person settled or edited stays, and is asked again (a conflict with a `canonical` value) when a source
 * contradicts it since. Visibility, state and times are not touched.
 */
export function followSources(
  known: PhotoDocument,
  evidence: Evidence,
  derived: { readonly before: Derived; readonly after: Derived },
): Pick<PhotoDocument, "metadata" | "conflicts" | "resolutions"> {
  const followed = METADATA_FIELDS.map((field) => ({ field, ...follow(known, evidence, field, derived) }));
  const metadata = followed.reduce(
    (written, { field, value }) => FIELD_RULES[field].write(written, value) ?? written,
    known.metadata,
  );
  const outdated = new Set<string>(followed.filter((one) => one.isOutdated).map(({ field }) => field));
  const reopened = followed.filter((one) => one.isReopened).map(({ field }) => field);
  const asked = new Set<string>(reopened);
  const settled = known.resolutions?.filter(({ field }) => !outdated.has(field));
  const kept = known.conflicts.filter((one) => !(isFieldConflict(one) && asked.has(one.field)));
  return {
    metadata,
    conflicts: [...kept, ...reopened.map((field) => reopening(evidence, metadata, field))],
    ...(settled !== undefined && { resolutions: settled }),
  };
}

/** The question whether the owner's value still stands. */
function reopening(evidence: Evidence, metadata: Metadata, field: MetadataField): Conflict {
  const value = canonicalValue(metadata, field) ?? nothingOf(field);
  const question: Conflict = {
    type: "metadata_mismatch",
    field,
    description: "",
    services: [],
    values: { [CANONICAL_SPEAKER]: value },
    resolution_required: true,
  };
  const discrepancy = discrepancyOf({ ...evidence, metadata, conflicts: [question] }, field);
  return discrepancy === null ? question : conflictOf(discrepancy);
}

/** The document's lists and flags with new evidence: the owner's additions and removals by hand stay. */
export function followMarks(
  known: Marks,
  { before, after }: { readonly before: Derived; readonly after: Derived },
): Marks {
  const names = (key: "albums" | "people"): readonly string[] => {
    const [held, old, now] = [known[key] ?? [], before.marks[key] ?? [], after.marks[key] ?? []];
    if (sameJson(held, old)) return now;
    const added = now.filter((name) => !old.includes(name) && !held.includes(name));
    return added.length === 0 ? held : [...held, ...added].toSorted(byCodeUnit);
  };
  const marked = <K extends "favorite" | "archived" | "trashed" | "ownership">(key: K): Marks[K] =>
    known[key] === before.marks[key] ? after.marks[key] : known[key];
  const [albums, people] = [names("albums"), names("people")];
  const [favorite, archived, trashed] = [marked("favorite"), marked("archived"), marked("trashed")];
  const ownership = marked("ownership");
  return {
    ...(albums.length > 0 && { albums }),
    ...(people.length > 0 && { people }),
    ...(favorite !== undefined && { favorite }),
    ...(archived !== undefined && { archived }),
    ...(trashed !== undefined && { trashed }),
    ...(ownership !== undefined && { ownership }),
  };
}

import { relateLists } from "./agreement.js";
import { conflictOf, isFieldConflict } from "./conflict.js";
import { type Derived, derivedValue, type Marks } from "./derive.js";
import { CANONICAL_SPEAKER, discrepancyOf, isReopened, resolutionInForce } from "./discrepancy.js";
import { isMetadataField } from "./fields.js";
import type { Conflict, Json, PhotoDocument, Resolution } from "./photo.js";
import {
  type Holding,
  heldValue,
  holdingOf,
  isListField,
  nothingOf,
  RULED_FIELDS,
  relateValues,
  sayingsOn,
  withValue,
} from "./ruled-fields.js";
import { byCodeUnit, sameJson } from "./same-json.js";
import { contextOf, statementsOf } from "./settling/statements.js";
import type { RuledField } from "./settling/value-rule.js";
import { learnedRule } from "./settling/value-rules.js";
import type { Evidence } from "./witnesses.js";

/** True when a list holds a name, or a field a value, that nobody had said before. */
function isNews(field: RuledField, value: Json, known: readonly Json[]): boolean {
  if (isListField(field)) {
    return relateLists([...known, value].flat(), known.flat()) !== "same";
  }
  return known.every((one) => !["same", "alike"].includes(relateValues(field, one, value)));
}

/**
 * True when a source now contradicts what a person settled on: it changed to something else, or a new one says what
 * the person had not seen when they decided.
 */
function isContradicted(
  before: Evidence,
  after: Evidence,
  field: RuledField,
  settled: Json | undefined,
): boolean {
  const earlier = sayingsOn(before, field);
  const held = settled === undefined ? [] : [settled];
  return sayingsOn(after, field).some(({ source, id, value }) => {
    const then = earlier.find((one) => one.source === source && one.id === id);
    if (then === undefined) return isNews(field, value, [...held, ...earlier.map((one) => one.value)]);
    return !sameJson(then.value, value) && isNews(field, value, held);
  });
}

/**
 * True where a rule may choose otherwise now: what counts for it has changed, by more than that somebody now says what it
 * chose. How often a value is said counts for no rule, who says it only for one that prefers a source.
 */
function isOtherwise(
  before: PhotoDocument,
  evidence: Evidence,
  field: RuledField,
  { rule, value: chosen }: Resolution,
): boolean {
  const said = (from: Evidence): ReadonlySet<string> =>
    new Set(
      statementsOf(from, field).map(({ source, value, isOfScan }) =>
        JSON.stringify([learnedRule(rule) === null ? "" : source, isOfScan === true, value]),
      ),
    );
  const [old, now] = [said(before), said(evidence)];
  if ([...old].some((one) => !now.has(one))) return true;
  const added = [...now].filter((one) => !old.has(one));
  if (added.some((one) => one !== JSON.stringify(["", false, chosen]))) return true;
  const { metadata } = before;
  return field === "title" && !sameJson(contextOf(before), contextOf({ ...evidence, metadata }));
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
  field: RuledField,
  derived: { readonly before: Derived; readonly after: Derived },
): Followed {
  const held = heldValue(known, field);
  const stays: Followed = { value: held, isOutdated: false, isReopened: false };
  if (isReopened(known, field)) return stays;
  const after = derivedValue(derived.after, field);
  const resolution = resolutionInForce(known, field);
  if (resolution?.by === "person") {
    return { ...stays, isReopened: isContradicted(known, evidence, field, held) };
  }
  if (resolution !== undefined) {
    const isOutdated = isOtherwise(known, evidence, field, resolution);
    return isOutdated ? { value: after, isOutdated, isReopened: false } : stays;
  }
  const before = derivedValue(derived.before, field);
  if (sameJson(held, before)) return { ...stays, value: after };
  return isMetadataField(field) ? stays : { ...stays, value: addedTo(held, before, after) };
}

/** The owner's own list with the names that sources say by now and did not say before. */
function addedTo(held: Json | undefined, before: Json | undefined, after: Json | undefined): readonly Json[] {
  const [ours, old, now] = [held, before, after].map((one) => (Array.isArray(one) ? one : []));
  const added = (now ?? []).filter((name) => !old?.includes(name) && !ours?.includes(name));
  return added.length === 0 ? (ours ?? []) : [...(ours ?? []), ...added];
}

/**
 * The document with new evidence, its canonical fields brought along: a field that followed the sources still does, what a rule
 * chose is given up when what it was chosen from has changed, a field that a person settled or edited stays, and is asked
 * again (a conflict with a `canonical` value) when a source contradicts it since; to lists that the owner edited, new names
 * are added. Visibility, state and times are not touched.
 */
export function followSources(
  known: PhotoDocument,
  evidence: Evidence,
  derived: { readonly before: Derived; readonly after: Derived },
): Pick<PhotoDocument, "metadata" | "albums" | "people" | "conflicts" | "resolutions"> {
  const followed = RULED_FIELDS.map((field) => ({ field, ...follow(known, evidence, field, derived) }));
  const holding = followed
    .filter(({ field, value }) => !sameJson(value, heldValue(known, field)))
    .reduce<Holding>(
      (written, { field, value }) => withValue(written, field, value) ?? written,
      holdingOf(known),
    );
  const outdated = new Set<string>(followed.filter((one) => one.isOutdated).map(({ field }) => field));
  const reopened = followed.filter((one) => one.isReopened).map(({ field }) => field);
  const asked = new Set<string>(reopened);
  const settled = known.resolutions?.filter(({ field }) => !outdated.has(field));
  const kept = known.conflicts.filter((one) => !(isFieldConflict(one) && asked.has(one.field)));
  return {
    ...holding,
    conflicts: [...kept, ...reopened.map((field) => reopening(evidence, holding, field))],
    ...(settled !== undefined && { resolutions: settled }),
  };
}

/** The question whether the owner's value still stands, beside what sources say and what else is listed in `beside`. */
export function reopening(
  evidence: Evidence,
  holding: Holding,
  field: RuledField,
  beside: Conflict["values"] = {},
): Conflict {
  const values = { ...beside, [CANONICAL_SPEAKER]: heldValue(holding, field) ?? nothingOf(field) };
  const question: Conflict = {
    type: "metadata_mismatch",
    field,
    description: "",
    services: Object.keys(values).sort(byCodeUnit),
    values,
    resolution_required: true,
  };
  const discrepancy = discrepancyOf({ ...evidence, ...holding, conflicts: [question] }, field);
  return discrepancy === null ? question : conflictOf(discrepancy);
}

/** The document's flags with new evidence: what the owner changed by hand stays. */
export function followMarks(
  known: Marks,
  { before, after }: { readonly before: Derived; readonly after: Derived },
): Omit<Marks, "albums" | "people"> {
  const marked = <K extends "favorite" | "archived" | "trashed" | "ownership">(key: K): Marks[K] =>
    known[key] === before.marks[key] ? after.marks[key] : known[key];
  const [favorite, archived, trashed] = [marked("favorite"), marked("archived"), marked("trashed")];
  const ownership = marked("ownership");
  return {
    ...(favorite !== undefined && { favorite }),
    ...(archived !== undefined && { archived }),
    ...(trashed !== undefined && { trashed }),
    ...(ownership !== undefined && { ownership }),
  };
}

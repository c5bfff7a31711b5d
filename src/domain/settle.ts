import { isFieldConflict } from "./conflict.js";
import { completedValue } from "./derive.js";
import { discrepancyOf } from "./discrepancy.js";
import { PhotosyncError } from "./errors.js";
import type { Json, PhotoDocument } from "./photo.js";
import { VISIBILITY_FIELD, withResolution } from "./resolve.js";
import {
  heldValue,
  holdingOf,
  isRuledField,
  nothingOf,
  RULED_FIELDS,
  sayingsOn,
  withHolding,
  withValue,
} from "./ruled-fields.js";
import { own } from "./same-json.js";
import { combinedValue } from "./settling/combined.js";
import { contextOf, statementsOf } from "./settling/statements.js";
import type { RuledField } from "./settling/value-rule.js";
import { settleValues } from "./settling/value-rules.js";

/** What a person chose for a field. */
export type Choice =
  /** What one speaker of the conflict's `values` holds. */
  | { readonly kind: "service"; readonly service: string }
  /** All that the conflict's `values` hold, as one: texts one after the other, lists united. */
  | { readonly kind: "combine" }
  /** What this rule makes of what the sources say. */
  | { readonly kind: "rule"; readonly rule: string }
  /** A value of the person's own. */
  | { readonly kind: "value"; readonly value: Json };

/** The resolution's `rule` for a value that the person gave themselves. */
export const OWN_VALUE = "own value";
/** The resolution's `rule` for all values as one. */
export const COMBINED = "combined";
/** The resolution's `rule` for what the person leaves as it is, knowingly. */
export const ACCEPTED = "accepted";

function refusal(
  document: PhotoDocument,
  field: string,
  code: string,
  said: string,
  next: string,
): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code,
    message: `${document.metadata.filename}: ${said}`,
    next: [next],
    data: { photo_id: document.photo_id, field },
  });
}

/** By speaker, what the person was shown; a source may have changed between the question and the answer. */
function listedValues(document: PhotoDocument, field: RuledField): Readonly<Record<string, Json>> {
  const asked = document.conflicts.find((one) => isFieldConflict(one) && one.field === field);
  return { ...discrepancyOf(document, field)?.values, ...asked?.values };
}

function spokenValue(document: PhotoDocument, field: RuledField, service: string): Json {
  const listed = listedValues(document, field);
  const spoken = sayingsOn(document, field);
  const value = own(listed, service) ?? spoken.find(({ source }) => source === service)?.value;
  if (value !== undefined) return value;
  const names = [...new Set([...Object.keys(listed), ...spoken.map(({ source }) => source)])];
  const next = names.length > 0 ? `Choose one of: ${names.join(", ")}.` : "Give a value instead.";
  throw refusal(document, field, "settle.no-such-value", `${service} holds no ${field}.`, next);
}

function chosenValue(document: PhotoDocument, field: RuledField, choice: Choice): Json {
  switch (choice.kind) {
    case "value":
      return choice.value;
    case "service":
      return spokenValue(document, field, choice.service);
    case "combine": {
      const combined = combinedValue(field, Object.values(listedValues(document, field)));
      if (combined !== null) return combined;
      const said = `there is no way to make one ${field} of several.`;
      throw refusal(document, field, "settle.not-combinable", said, "Choose one of them, or give a value.");
    }
    case "rule": {
      const { rule } = choice;
      const settled = settleValues(field, statementsOf(document, field), [rule], contextOf(document));
      if (settled !== null) return completedValue(document, field, settled.value);
      const said = `the rule ${rule} does not cover these values of ${field}.`;
      throw refusal(document, field, "settle.not-covered", said, "Choose one of them, or give a value.");
    }
  }
}

/** The resolution's `rule` for a choice. */
function resolvedAs(choice: Choice): string {
  switch (choice.kind) {
    case "service":
      return `as ${choice.service}`;
    case "combine":
      return COMBINED;
    case "rule":
      return choice.rule;
    case "value":
      return OWN_VALUE;
  }
}

/** The document with a person's word on one question, which is no longer asked. */
function withAnswer(
  document: PhotoDocument,
  answer: { readonly field: string; readonly rule: string; readonly value: Json },
  now: string,
): PhotoDocument {
  const conflicts = document.conflicts.filter((conflict) => conflict.field !== answer.field);
  const isOpen = conflicts.some((conflict) => conflict.resolution_required);
  return {
    ...document,
    conflicts,
    resolutions: withResolution(document.resolutions, { ...answer, by: "person", resolved_at: now }),
    processing_state: isOpen ? "discovered" : "resolved",
    updated_at: now,
  };
}

/**
 * Settles one field as a person chose, conflict or not: the canonical value, a resolution by `person`, no conflict on the field,
 * and `resolved` when no other conflict asks for a person. `null` (for lists: `[]`) takes the value away.
 * Throws `settle.unknown-field`, `settle.no-such-value` (the service holds none), `settle.not-combinable`,
 * `settle.not-covered` (by the rule) or `settle.bad-value`, all kind `user`.
 */
export function settle(document: PhotoDocument, field: string, choice: Choice, now: string): PhotoDocument {
  if (!isRuledField(field)) {
    const said = `"${field}" is no field that sources can disagree on.`;
    throw refusal(document, field, "settle.unknown-field", said, `Use one of: ${RULED_FIELDS.join(", ")}.`);
  }
  const holding = withValue(holdingOf(document), field, chosenValue(document, field, choice));
  if (holding === null) {
    const next = "Give it in the form that the photo documents use; `photosync show` prints one.";
    throw refusal(document, field, "settle.bad-value", `the value given is no ${field}.`, next);
  }
  const value = heldValue(holding, field) ?? nothingOf(field);
  return withAnswer(withHolding(document, holding), { field, rule: resolvedAs(choice), value }, now);
}

/**
 * Leaves what a question is about as it is, knowingly: a photo of which no original is to be had, one that an account does not
 * take, the visibility as it stands. It is not asked again while that is so. Throws `settle.unknown-field` (user) for
 * fields of which a value has to be chosen and where nothing is asked.
 */
export function accept(document: PhotoDocument, field: string, now: string): PhotoDocument {
  if (isRuledField(field) || !document.conflicts.some((one) => one.field === field)) {
    const said = `there is nothing to accept about "${field}".`;
    throw refusal(
      document,
      field,
      "settle.unknown-field",
      said,
      "See what is asked: photosync list --conflicts",
    );
  }
  const value = field === VISIBILITY_FIELD ? document.visibility.canonical : true;
  return withAnswer(document, { field, rule: ACCEPTED, value }, now);
}

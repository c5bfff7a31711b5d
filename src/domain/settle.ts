import { isFieldConflict } from "./conflict.js";
import { discrepancyOf } from "./discrepancy.js";
import { PhotosyncError } from "./errors.js";
import type { Json, PhotoDocument } from "./photo.js";
import { withResolution } from "./resolve.js";
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
import type { RuledField } from "./settling/value-rule.js";

/** What a person chose for a field: what one speaker of the conflict's `values` holds, or a value of their own. */
export type Choice =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "value"; readonly value: Json };

/** The resolution's `rule` for a value that the person gave themselves. */
export const OWN_VALUE = "own value";

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

/**
 * Settles one field as a person chose, conflict or not: the canonical value, a resolution by `person`, no conflict on the field,
 * and `resolved` when no other conflict asks for a person. `null` (for lists: `[]`) takes the value away.
 * Throws `settle.unknown-field`, `settle.no-such-value` (the service holds none) or `settle.bad-value`, all kind `user`.
 */
export function settle(document: PhotoDocument, field: string, choice: Choice, now: string): PhotoDocument {
  if (!isRuledField(field)) {
    const said = `"${field}" is no field that sources can disagree on.`;
    throw refusal(document, field, "settle.unknown-field", said, `Use one of: ${RULED_FIELDS.join(", ")}.`);
  }
  const chosen = choice.kind === "value" ? choice.value : spokenValue(document, field, choice.service);
  const holding = withValue(holdingOf(document), field, chosen);
  if (holding === null) {
    const next = "Give it in the form that the photo documents use; `photosync show` prints one.";
    throw refusal(document, field, "settle.bad-value", `the value given is no ${field}.`, next);
  }
  const conflicts = document.conflicts.filter(
    (conflict) => !(isFieldConflict(conflict) && conflict.field === field),
  );
  const isOpen = conflicts.some((conflict) => conflict.resolution_required);
  return {
    ...withHolding(document, holding),
    conflicts,
    resolutions: withResolution(document.resolutions, {
      field,
      by: "person",
      rule: choice.kind === "service" ? `as ${choice.service}` : OWN_VALUE,
      value: heldValue(holding, field) ?? nothingOf(field),
      resolved_at: now,
    }),
    processing_state: isOpen ? "discovered" : "resolved",
    updated_at: now,
  };
}

import { isFieldConflict } from "./conflict.js";
import { discrepancyOf, nothingOf } from "./discrepancy.js";
import { PhotosyncError } from "./errors.js";
import { canonicalValue, FIELD_RULES, isMetadataField, type MetadataField } from "./fields.js";
import type { Json, PhotoDocument } from "./photo.js";
import { withResolution } from "./resolve.js";
import { own } from "./same-json.js";
import { sayingsOf, witnessesOf } from "./witnesses.js";

/** What a person chose for a field: what one speaker of the conflict's `values` holds, or a value of their own. */
export type Choice =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "value"; readonly value: Json };

/** The resolution's `rule` for a value that the person gave themselves. */
export const OWN_VALUE = "own value";

function chosenValue(document: PhotoDocument, field: MetadataField, choice: Choice): Json {
  if (choice.kind === "value") return choice.value;
  // What the person was shown comes first: a source may have changed between the question and the answer.
  const asked = document.conflicts.find((one) => isFieldConflict(one) && one.field === field);
  const listed = { ...discrepancyOf(document, field)?.values, ...asked?.values };
  const spoken = sayingsOf(witnessesOf(document).speaking, field);
  const value = own(listed, choice.service) ?? spoken.find(({ source }) => source === choice.service)?.value;
  if (value !== undefined) return value;
  const names = [...new Set([...Object.keys(listed), ...spoken.map(({ source }) => source)])];
  throw new PhotosyncError({
    kind: "user",
    code: "settle.no-such-value",
    message: `${document.metadata.filename}: ${choice.service} holds no ${field}.`,
    next: [names.length > 0 ? `Choose one of: ${names.join(", ")}.` : "Give a value instead."],
    data: { photo_id: document.photo_id, field },
  });
}

/**
 * Settles one field as a person chose, conflict or not: the canonical value, a resolution by `person`, no conflict on the field,
 * and `resolved` when no other conflict asks for a person. `null` (for tags: `[]`) takes the value away.
 * Throws `settle.unknown-field`, `settle.no-such-value` (the service holds none) or `settle.bad-value`, all kind `user`.
 */
export function settle(document: PhotoDocument, field: string, choice: Choice, now: string): PhotoDocument {
  if (!isMetadataField(field)) {
    throw new PhotosyncError({
      kind: "user",
      code: "settle.unknown-field",
      message: `${document.metadata.filename}: "${field}" is no field that sources can disagree on.`,
      next: [`Use one of: ${Object.keys(FIELD_RULES).join(", ")}.`],
      data: { photo_id: document.photo_id },
    });
  }
  const metadata = FIELD_RULES[field].write(document.metadata, chosenValue(document, field, choice));
  if (metadata === null) {
    throw new PhotosyncError({
      kind: "user",
      code: "settle.bad-value",
      message: `${document.metadata.filename}: the value given is no ${field}.`,
      next: ["Give it in the form that the photo documents use; `photosync show` prints one."],
      data: { photo_id: document.photo_id, field },
    });
  }
  const conflicts = document.conflicts.filter(
    (conflict) => !(isFieldConflict(conflict) && conflict.field === field),
  );
  const isOpen = conflicts.some((conflict) => conflict.resolution_required);
  return {
    ...document,
    metadata,
    conflicts,
    resolutions: withResolution(document.resolutions, {
      field,
      by: "person",
      rule: choice.kind === "service" ? `as ${choice.service}` : OWN_VALUE,
      value: canonicalValue(metadata, field) ?? nothingOf(field),
      resolved_at: now,
    }),
    processing_state: isOpen ? "discovered" : "resolved",
    updated_at: now,
  };
}

import { type Derived, derivedValue, type Marks } from "../derive.js";
import { isReopened, resolutionInForce } from "../discrepancy.js";
import type { PhotoDocument, Resolution } from "../photo.js";
import { EDITED_BY_HAND } from "../resolve.js";
import { heldValue, nothingOf, RULED_FIELDS } from "../ruled-fields.js";
import { sameJson } from "../same-json.js";
import type { RuledField } from "../settling/value-rule.js";

const FLAGS = ["favorite", "archived", "trashed", "ownership"] as const;

/** The fields whose canonical value is the owner's: settled by them, or written in by hand. `derived` is of the document itself. */
export const ownersFields = (document: PhotoDocument, derived: Derived): readonly RuledField[] =>
  RULED_FIELDS.filter((field) => {
    if (isReopened(document, field)) return true;
    const resolution = resolutionInForce(document, field);
    if (resolution !== undefined) return resolution.by === "person";
    return !sameJson(heldValue(document, field), derivedValue(derived, field));
  });

/** The flags that the owner changed by hand. `derived` is of the document itself. */
export const ownersFlags = (
  document: PhotoDocument,
  { marks }: Derived,
): readonly Exclude<keyof Marks, "albums" | "people">[] =>
  FLAGS.filter((key) => document[key] !== marks[key]);

/** What the owner decided on one of `ownersFields`, as a resolution; a value written in by hand becomes one. */
export const ownersDecision = (document: PhotoDocument, field: RuledField, now: string): Resolution => {
  const resolution = resolutionInForce(document, field);
  if (resolution?.by === "person") return resolution;
  const value = heldValue(document, field) ?? nothingOf(field);
  return { field, by: "person", rule: EDITED_BY_HAND, value, resolved_at: now };
};

import { type Derived, derivedValue, type Marks } from "../derive.js";
import { isReopened, resolutionInForce } from "../discrepancy.js";
import { canonicalValue, METADATA_FIELDS, type MetadataField } from "../fields.js";
import type { Json, PhotoDocument, Resolution } from "../photo.js";
import { EDITED_BY_HAND } from "../resolve.js";
import { nothingOf } from "../ruled-fields.js";
import { sameJson } from "../same-json.js";

const MARKS = ["albums", "people", "favorite", "archived", "trashed", "ownership"] as const;

const isByRule = (document: PhotoDocument, field: string, held: Json): boolean => {
  const last = document.resolutions?.findLast((one) => one.field === field);
  return last?.by === "rule" && sameJson(last.value, held);
};

/** The fields whose canonical value is the owner's: settled by them, or written in by hand. `derived` is of the document itself. */
export const ownersFields = (document: PhotoDocument, derived: Derived): readonly MetadataField[] =>
  METADATA_FIELDS.filter((field) => {
    const held = canonicalValue(document.metadata, field);
    if (isReopened(document, field) || resolutionInForce(document, field)?.by === "person") return true;
    const follows = sameJson(held, derivedValue(derived, field));
    return !follows && !isByRule(document, field, held ?? nothingOf(field));
  });

/** The lists and flags that the owner changed by hand. `derived` is of the document itself. */
export const ownersMarks = (document: PhotoDocument, { marks }: Derived): readonly (keyof Marks)[] =>
  MARKS.filter((key) => {
    const [held, given] = [document[key], marks[key]];
    return !sameJson(held, given) && !isByRule(document, key, typeof held === "object" ? [...held] : []);
  });

/** What the owner decided on one of `ownersFields`, as a resolution; a value written in by hand becomes one. */
export const ownersDecision = (document: PhotoDocument, field: MetadataField, now: string): Resolution => {
  const value = canonicalValue(document.metadata, field) ?? nothingOf(field);
  const resolution = resolutionInForce(document, field);
  if (resolution?.by === "person") return resolution;
  return { field, by: "person", rule: EDITED_BY_HAND, value, resolved_at: now };
};

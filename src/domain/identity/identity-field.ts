import type { ContentHash } from "../ids.js";
import type { Conflict, PhotoDocument } from "../photo.js";

const IDENTITY = "identity:";

/** The value of a resolution on such a field where a person said that those bytes are another picture. */
export const DIFFERENT = "different";

/** The field of the question whether these other bytes are the same picture. */
export const identityField = (other: ContentHash): string => `${IDENTITY}${other}`;

/** The other bytes that an identity question's field names; null for other fields. */
export const otherOf = (field: string): string | null =>
  field.startsWith(IDENTITY) ? field.slice(IDENTITY.length) : null;

/** True for the questions whether other bytes are the same picture, and for what was decided on them. */
export const isIdentityConflict = ({ field }: Pick<Conflict, "field">): boolean => otherOf(field) !== null;

/** The hashes of what a person said of this photo to be other pictures. */
export const hashesKeptApart = ({
  resolutions = [],
}: Pick<PhotoDocument, "resolutions">): readonly string[] =>
  resolutions.flatMap(({ field, by, value }) => {
    const other = otherOf(field);
    return other !== null && by === "person" && value === DIFFERENT ? [other] : [];
  });

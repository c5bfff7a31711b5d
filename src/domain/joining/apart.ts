import { DIFFERENT, hashesKeptApart, identityField } from "../identity/identity-field.js";
import type { ContentHash } from "../ids.js";
import type { PhotoDocument } from "../photo.js";
import { withResolution } from "../resolve.js";

/** The resolution's `rule` where a person said that two pictures are not one. */
export const DIFFERENT_PICTURES = "different pictures";

/** The hashes of the photo's original and variants. */
export const hashesOf = ({
  content_hash,
  variants,
}: Pick<PhotoDocument, "content_hash" | "variants">): readonly ContentHash[] => [
  content_hash,
  ...(variants ?? []).map((variant) => variant.content_hash),
];

/** True when a person said of this photo that those bytes are another picture. */
export const isKeptApart = (document: Pick<PhotoDocument, "resolutions">, hash: ContentHash): boolean =>
  hashesKeptApart(document).includes(hash);

/**
 * The document after a person said that those bytes are another picture: recorded as a resolution, and asked no more. The
 * state stays; resolving follows. The very document where that is on record already. `now` is RFC 3339 in UTC.
 */
export function keptApart(document: PhotoDocument, other: ContentHash, now: string): PhotoDocument {
  const field = identityField(other);
  const conflicts = document.conflicts.filter((one) => one.field !== field);
  const isKnown = isKeptApart(document, other);
  if (isKnown && conflicts.length === document.conflicts.length) return document;
  return {
    ...document,
    conflicts,
    resolutions: isKnown
      ? (document.resolutions ?? [])
      : withResolution(document.resolutions, {
          field,
          by: "person",
          rule: DIFFERENT_PICTURES,
          value: DIFFERENT,
          resolved_at: now,
        }),
    updated_at: now,
  };
}

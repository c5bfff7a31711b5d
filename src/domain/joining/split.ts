import { approvalsOfBoth } from "../approvals.js";
import type { ContentHash, PhotoId } from "../ids.js";
import type { PhotoDocument } from "../photo.js";
import { goingPhoto } from "./going.js";
import { parted } from "./parted.js";
import { stayingPhoto } from "./staying.js";
import { takeIn } from "./take-in.js";

/** One photo as two again. */
export interface SplitPhoto {
  readonly host: PhotoDocument;
  readonly apart: PhotoDocument;
}

/**
 * Splits a variant that was joined off into a photo of its own again, as `joinPhoto` found the two, but that nobody sees more of
 * either than of the one: its bytes, instances, replicas, variants and source records, and what its owner had settled. Null
 * where the photo holds no such variant, or a source itself showed that it belongs to it. Both are to be resolved and
 * replicated anew; that they are two pictures is for the caller to record (`keptApart`), else they are joined again.
 * `photoId` is the id of a photo with these bytes. `standing` is the photo of that id where there is one all the same, kept by whoever
 * merged two machines' histories: it takes in what leaves. `now` is RFC 3339 in UTC.
 */
export function splitVariant(
  host: PhotoDocument,
  hash: ContentHash,
  photoId: PhotoId,
  now: string,
  standing: PhotoDocument | null = null,
): SplitPhoto | null {
  const parts = parted(host, hash);
  if (parts === null) return null;
  const going = goingPhoto(host, parts, photoId, now);
  const apart = standing === null ? going : united(standing, going, now);
  return { host: stayingPhoto(host, parts, photoId, now), apart };
}

function united(standing: PhotoDocument, going: PhotoDocument, now: string): PhotoDocument {
  const approvals = approvalsOfBoth(standing.approvals ?? [], going.approvals ?? []);
  return takeIn(standing, going, { role: "other", ...approvals }, now);
}

import { PhotosyncError } from "./errors.js";
import type { Reading, Readings } from "./finding.js";
import { blobKey, type ContentHash } from "./ids.js";
import type { PhotoDocument, Variant } from "./photo.js";
import type { Placed } from "./placing.js";

/** An error of the calling code: nothing a person did can cause it. */
export const mergeDefect = (code: string, message: string): PhotosyncError =>
  new PhotosyncError({ kind: "bug", code, message, next: ["Please report this with the command you ran."] });

/** What a new file's bytes say. Throws `merge.no-reading` (bug) when nobody looked at them. */
export function readingOf(readings: Readings, hash: ContentHash, filename: string): Reading {
  const reading = readings.get(hash);
  if (reading === undefined) {
    throw mergeDefect("merge.no-reading", `${filename}: a new file came without what its bytes say.`);
  }
  return reading;
}

/**
 * The variants with their blob keys: recorded ones keep theirs, new ones get the month that the photo has now.
 * Throws `merge.no-reading` (bug).
 */
export function keyedVariants(
  known: Pick<PhotoDocument, "photo_id" | "variants" | "metadata">,
  placed: readonly Placed[],
  readings: Readings,
): readonly Variant[] {
  return placed.map(({ content_hash, role, instances, file }) => {
    const recorded = known.variants?.find((variant) => variant.content_hash === content_hash);
    if (recorded !== undefined) {
      const media = { ...recorded.media, ...readings.get(content_hash)?.media };
      return { ...recorded, media, instances };
    }
    if (file === null)
      throw mergeDefect("merge.no-file", `A variant of ${known.photo_id} came without its file.`);
    const { media, extension } = readingOf(readings, content_hash, file.filename);
    return {
      content_hash,
      role,
      filename: file.filename,
      media: { ...media, bytes: file.sizeBytes },
      blob_key: blobKey(known.metadata.taken_date, known.photo_id, content_hash, extension),
      instances,
      replicas: {},
    };
  });
}

import { PhotosyncError } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import { sha256Of } from "../../infra/hash.js";
import { writeXmpSidecar } from "../../infra/media/write-xmp.js";
import type { Documents } from "../../ports/catalog.js";

/** The sidecar for a file of that name, of the photo whose document is at `path`. Throws `document.unreadable` (user). */
export async function sidecarOf(
  documents: Documents,
  path: string,
  filename: string,
): Promise<{ readonly bytes: Uint8Array; readonly hash: ContentHash }> {
  const read = await documents.read(path);
  if (read.kind !== "ok") {
    throw new PhotosyncError({
      kind: "user",
      code: "document.unreadable",
      message: `${path} cannot be read, so ${filename} has no sidecar.`,
      next: ["See what is wrong with: photosync doctor"],
    });
  }
  const bytes = writeXmpSidecar(read.document, filename);
  return { bytes, hash: sha256Of(bytes) };
}

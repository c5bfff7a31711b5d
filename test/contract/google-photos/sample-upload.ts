import { createHash } from "node:crypto";
import type { ContentHash, PhotoId } from "../../../src/domain/ids.js";
import type { Upload } from "../../../src/ports/photo-service.js";
import { samplePicture } from "../../emulators/google/sample.js";

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as ContentHash;

/** A picture to be uploaded, with a caption. */
export function picture(words: string, more: Partial<Upload> = {}): Upload {
  const bytes = samplePicture(words);
  return {
    mark: { photoId: `photo-${words}` as PhotoId, hash: hashOf(bytes) },
    filename: `${words}.jpg`,
    mimeType: "image/jpeg",
    sizeBytes: bytes.length,
    fields: { caption: `Words on ${words}` },
    open: async function* () {
      yield bytes;
    },
    ...more,
  };
}

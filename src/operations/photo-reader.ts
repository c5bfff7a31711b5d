import { otherOf } from "../domain/identity/identity-field.js";
import { type ContentHash, isContentHash, type PhotoId } from "../domain/ids.js";
import type { PhotoDocument } from "../domain/photo.js";
import type { QuestionPicture } from "../domain/settling/decision.js";
import { pictureOf, type QuestionContext } from "../domain/settling/open-questions.js";
import { photoIdOf } from "../infra/hash.js";
import type { Catalog, Documents } from "../ports/catalog.js";

/** Reads photos by what questions and decisions name. */
export interface PhotoReader {
  /** The document of a photo; null where there is none that is valid. */
  photo(id: PhotoId): Promise<PhotoDocument | null>;
  /** The photo that holds these bytes: the one whose original they are, else one with them as a variant. */
  holding(hash: ContentHash): Promise<PhotoDocument | null>;
}

/** The photos of one revision. */
export function photosAt(catalog: Catalog, documents: Documents): PhotoReader {
  const photo = async (id: PhotoId): Promise<PhotoDocument | null> => {
    const row = catalog.row(id);
    const read = row === null ? null : await documents.read(row.path);
    return read?.kind === "ok" ? read.document : null;
  };
  return {
    photo,
    holding: async (hash) => {
      // Merging two machines' histories may have left them in two photos.
      const own = await photo(photoIdOf(hash));
      if (own?.content_hash === hash) return own;
      const id = catalog.photoOfHash(hash);
      return id === null ? null : photo(id);
    },
  };
}

/** The other bytes that a question about pictures names; null for other fields. */
export function otherHash(field: string): ContentHash | null {
  const other = otherOf(field);
  return other !== null && isContentHash(other) ? other : null;
}

/** What the questions of a document need of other photos. */
export async function contextFor(document: PhotoDocument, photos: PhotoReader): Promise<QuestionContext> {
  const pictures = new Map<ContentHash, QuestionPicture>();
  for (const { field } of document.conflicts) {
    const hash = otherHash(field);
    const other = hash === null ? null : await photos.holding(hash);
    // A variant of another photo is that photo's affair: nothing can be joined to it.
    if (other !== null && other.content_hash === hash) pictures.set(hash, pictureOf(other));
  }
  return { pictureOf: (hash) => pictures.get(hash) ?? null };
}

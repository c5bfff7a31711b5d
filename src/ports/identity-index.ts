import type { KnownPicture } from "../domain/identity/known-picture.js";
import type { Sketch } from "../domain/identity/sketch.js";
import type { ContentHash, PhotoId } from "../domain/ids.js";

/** What telling pictures apart needs of the documents at the catalog's revision, and of bytes that were looked at. Disposable. */
export interface IdentityIndex {
  /** A photo as it is compared; null where its original is no picture, or there is no such photo. */
  picture(photoId: PhotoId): KnownPicture | null;
  /**
   * Other photos that share a candidate key with it, sorted by id, as `candidatePairs` would compare them: a key that more than 64
   * photos share finds none. Costs a few look-ups, however large the library is.
   */
  sharing(picture: KnownPicture): readonly PhotoId[];
  /** How these bytes look; null where they were found to be undecodable, undefined where nobody looked. */
  look(hash: ContentHash): Sketch | null | undefined;
  /** Keeps how bytes look, so that they are decoded once. */
  keepLook(hash: ContentHash, sketch: Sketch | null): void;
}

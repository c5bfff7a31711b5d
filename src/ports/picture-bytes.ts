import type { ContentHash, PhotoId } from "../domain/ids.js";
import type { Call } from "./call.js";

/** Gives the bytes of pictures that lie on this computer's disks; asks no service. */
export interface PictureBytes {
  /**
   * All bytes of one of a photo's blobs, proven to have the hash; null where they are to be had nowhere near, or are too many
   * to be held. Throws only `cancelled`.
   */
  read(photoId: PhotoId, hash: ContentHash, call: Call): Promise<Uint8Array | null>;
}

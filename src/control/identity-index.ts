import { candidateKeys } from "../domain/identity/keys.js";
import { isPhotoId } from "../domain/ids.js";
import type { IdentityIndex } from "../ports/identity-index.js";
import { idOfDigits, photosUnder, storedPicture } from "./index-candidates.js";
import type { LocalIndex } from "./local-index.js";
import { packLook, unpackLook } from "./look-codec.js";
import { unpackPicture } from "./picture-codec.js";

const MARK = /^photosync:([0-9a-f]{32})$/;

/** What the index tells of pictures; `pictures` and `candidates` are kept by its refresh. */
export const identityIndex = (index: LocalIndex): IdentityIndex => ({
  picture(photoId) {
    const stored = storedPicture(index, photoId);
    return stored === null ? null : unpackPicture(stored);
  },
  sharing({ photoId, original }) {
    const found = new Set(candidateKeys(original).flatMap((key) => photosUnder(index, key)));
    for (const mark of original.marks) {
      const digits = MARK.exec(mark)?.[1];
      const id = digits === undefined ? null : idOfDigits(digits);
      if (id !== null && storedPicture(index, id) !== null) found.add(id);
    }
    found.delete(photoId);
    return [...found].filter(isPhotoId).sort();
  },
  look(hash) {
    const packed = index.looks.get(hash);
    return packed === undefined ? undefined : unpackLook(packed);
  },
  keepLook: (hash, sketch) => index.looks.putSync(hash, packLook(sketch)),
});

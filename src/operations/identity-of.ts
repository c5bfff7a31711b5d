import { identityIndex } from "../control/identity-index.js";
import type { IdentityDeps } from "../phases/resolve/find-joins.js";
import type { Run } from "../ports/phase.js";
import type { PictureBytes } from "../ports/picture-bytes.js";
import type { PictureReader } from "../ports/picture-reader.js";
import type { Session } from "./session.js";

/** What telling pictures apart takes; what reads and decodes them is loaded, once, where there is something to look at. */
export function identityOf(session: Session, run: Run): IdentityDeps {
  let bytes: Promise<PictureBytes> | null = null;
  let reader: Promise<PictureReader> | null = null;
  const openBytes = async () => {
    const { pictureBytes } = await import("./picture-bytes.js");
    return pictureBytes(session, run);
  };
  const loadReader = async () => {
    const { SharpPictures } = await import("../infra/media/sharp-pictures.js");
    return new SharpPictures();
  };
  return {
    index: identityIndex(session.index),
    bytes: () => {
      bytes ??= openBytes();
      return bytes;
    },
    reader: () => {
      reader ??= loadReader();
      return reader;
    },
  };
}

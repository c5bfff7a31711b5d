import { identityIndex } from "../control/identity-index.js";
import type { IdentityDeps } from "../phases/resolve/find-joins.js";
import type { Run } from "../ports/phase.js";
import { pictureBytes } from "./picture-bytes.js";
import type { Session } from "./session.js";

/** What telling pictures apart takes; what decodes them is loaded only where there is something to look at. */
export const identityOf = (session: Session, run: Run): IdentityDeps => ({
  index: identityIndex(session.index),
  bytes: pictureBytes(session, run),
  reader: async () => {
    const { SharpPictures } = await import("../infra/media/sharp-pictures.js");
    return new SharpPictures();
  },
});

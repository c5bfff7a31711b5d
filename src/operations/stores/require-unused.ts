import { PhotosyncError } from "../../domain/errors.js";
import type { ControlPlane } from "../../ports/control-plane.js";
import type { Run } from "../../ports/phase.js";
import { withSession } from "../session.js";

/**
 * A new place under a name that documents record copies under is taken for the old one with all of them lost, so that nothing is ever written
 * there: better to be told at once. Throws `store.name-taken` (user).
 */
export function requireUnused(
  libraryRoot: string,
  control: ControlPlane,
  name: string,
  run: Run,
): Promise<void> {
  return withSession(libraryRoot, control, "store", "read", run, async ({ catalog }) => {
    const replicas = catalog.sums().byStore.get(name) ?? 0;
    if (replicas === 0) return;
    throw new PhotosyncError({
      kind: "user",
      code: "store.name-taken",
      message: `The photos' documents record ${replicas} ${replicas === 1 ? "copy" : "copies"} in a store ${name}, and this place is a new one: it would be taken for that store with everything lost.`,
      next: [
        "Give the new place another name.",
        "If that store is still there, give the folder, or the bucket and the folder in it, where it was.",
      ],
      data: { replicas },
    });
  });
}

import type { Services } from "../control/config.js";
import { viewOf } from "../domain/replicate-policy.js";
import type { ServiceView } from "../domain/service-wishes.js";
import { traitsOfTarget } from "../services/uploadable.js";

/** The accounts that the owner wants photos uploaded to, as far as photosync can, without loading what talks to them. */
export const uploadAccounts = (services: Services): readonly ServiceView[] =>
  Object.entries(services).flatMap(([name, { enabled, provider = name, replicate }]) => {
    const traits = traitsOfTarget(provider);
    if (!enabled || replicate === undefined || traits === null) return [];
    const view = viewOf(name, replicate, traits);
    return view.uploads.kind === "none" ? [] : [view];
  });

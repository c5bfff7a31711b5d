import type { Call } from "../ports/call.js";
import type { Assumption, Permission } from "./assumption.js";
import type { ServiceContext } from "./service-context.js";

/** What can be found out about an account of a provider by asking it, beyond what every service answers. */
export interface LiveChecks {
  /** Never empty. Throws what requests throw. */
  permissions(context: ServiceContext, call: Call): Promise<readonly Permission[]>;
  readonly assumptions: readonly Assumption[];
}

/** Each is loaded when it is asked for. */
const CHECKS: Readonly<Record<string, () => Promise<LiveChecks>>> = {
  "google-photos": async () => ({
    permissions: (await import("./google-auth/granted-scopes.js")).grantedPermissions,
    assumptions: (await import("./google-photos/assumptions.js")).GOOGLE_PHOTOS_ASSUMPTIONS,
  }),
  "google-drive": async () => ({
    permissions: (await import("./google-auth/granted-scopes.js")).grantedPermissions,
    assumptions: (await import("./google-drive/assumptions.js")).GOOGLE_DRIVE_ASSUMPTIONS,
  }),
  flickr: async () => ({
    permissions: (await import("./flickr/auth-check.js")).flickrPermissions,
    assumptions: (await import("./flickr/assumptions.js")).FLICKR_ASSUMPTIONS,
  }),
};

/** The checks of a provider that one signs in to; null for all others. */
export const liveChecksOf = async (provider: string): Promise<LiveChecks | null> =>
  Object.hasOwn(CHECKS, provider) ? ((await CHECKS[provider]?.()) ?? null) : null;

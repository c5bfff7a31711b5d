import type { ServiceKit } from "./service-kit.js";

/** The kits of the providers that one signs in to; each is loaded when it is asked for. */
const KITS: Readonly<Record<string, () => Promise<ServiceKit>>> = {
  "google-photos": async () => (await import("./google-auth/kits.js")).googlePhotosKit,
  "google-drive": async () => (await import("./google-auth/kits.js")).googleDriveKit,
  flickr: async () => (await import("./flickr/auth-kit.js")).flickrKit,
};

/** The providers that `connect` knows. */
export const CONNECTABLE: readonly string[] = Object.keys(KITS);

/** The kit of a provider; null for one that needs no sign-in, or is unknown. */
export const kitOf = async (provider: string): Promise<ServiceKit | null> =>
  Object.hasOwn(KITS, provider) ? ((await KITS[provider]?.()) ?? null) : null;

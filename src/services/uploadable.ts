import type { ServiceTraits } from "../ports/photo-service.js";
import { FLICKR_TRAITS } from "./flickr/traits.js";
import { libraryTraits } from "./google-photos/capabilities.js";

const WRITABLE: Readonly<Record<string, ServiceTraits>> = {
  flickr: FLICKR_TRAITS,
  "google-photos": libraryTraits(false),
};

/** What a provider can do that photos can be uploaded to, without loading what talks to it; null for others. */
export const traitsOfTarget = (provider: string): ServiceTraits | null =>
  Object.hasOwn(WRITABLE, provider) ? (WRITABLE[provider] ?? null) : null;

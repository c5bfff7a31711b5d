import type { Visibility } from "../domain/visibility.js";

/** The traits of the providers that let a program decide who may see a photo; each is loaded when it is asked for. */
const LEVELS: Readonly<Record<string, () => Promise<readonly Visibility[]>>> = {
  flickr: async () => (await import("./flickr/traits.js")).FLICKR_TRAITS.settableVisibilities,
};

/** The levels that photosync can set at accounts of a provider; none where nobody can, or the provider is unknown. */
export const settableLevels = async (provider: string): Promise<readonly Visibility[]> =>
  Object.hasOwn(LEVELS, provider) ? ((await LEVELS[provider]?.()) ?? []) : [];

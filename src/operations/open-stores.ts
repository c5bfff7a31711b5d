import { resolve } from "node:path";
import type { Failure } from "../domain/errors.js";
import { type StoreSettings, storesOf, type UserPreferences } from "../domain/preferences.js";
import { fromPortable } from "../infra/portable-path.js";
import type { BlobStore } from "../ports/blob-store.js";
import { localStore } from "../stores/local-store.js";
import { badPlaceError, badPlaces } from "./store-place.js";

/** An enabled store as the preferences name it. */
export interface ConfiguredStore {
  readonly name: string;
  readonly settings: StoreSettings;
  /** Where it is, for people: a path or a bucket. */
  readonly where: string;
  /** Null where this version of photosync cannot reach that type of store. */
  readonly store: BlobStore | null;
  /** Why it may not be where it is; null for a good place. */
  readonly badPlace: string | null;
}

/** Every enabled store, sorted by name, those in a bad place as well: to look at only. */
export function namedStores(preferences: UserPreferences, libraryRoot: string): readonly ConfiguredStore[] {
  const rootOf = (path: string) => resolve(fromPortable(libraryRoot, path));
  const stores = [...storesOf(preferences)].sort(([a], [b]) => (a < b ? -1 : 1));
  const problems = badPlaces(
    stores.flatMap(([name, settings]) =>
      settings.type === "local" ? [{ name, root: rootOf(settings.path) }] : [],
    ),
    libraryRoot,
  );
  return stores.map(([name, settings]): ConfiguredStore => {
    if (settings.type === "s3") {
      return { name, settings, where: `s3://${settings.bucket}`, store: null, badPlace: null };
    }
    const root = rootOf(settings.path);
    const badPlace = problems.get(name) ?? null;
    return { name, settings, where: root, store: localStore({ name, root }), badPlace };
  });
}

/** Every enabled store, sorted by name, fit to be written to. Throws `store.bad-place` (user). */
export function configuredStores(
  preferences: UserPreferences,
  libraryRoot: string,
): readonly ConfiguredStore[] {
  const stores = namedStores(preferences, libraryRoot);
  const problems = new Map<string, string>();
  for (const { name, badPlace } of stores) if (badPlace !== null) problems.set(name, badPlace);
  if (problems.size > 0) throw badPlaceError(problems);
  return stores;
}

/** Why a configured store is left out. */
export const unsupportedStore = ({ name, settings }: ConfiguredStore): Failure => ({
  subject: name,
  code: "store.unsupported",
  message: `Store ${name} is of type ${settings.type}, which this version of photosync cannot reach.`,
  hint: `Nothing was copied there. Set "enabled": false for it in config/user-preferences.json until then.`,
});

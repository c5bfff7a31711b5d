import type { Failure } from "../domain/errors.js";
import { type StoreSettings, storesOf, type UserPreferences } from "../domain/preferences.js";
import { fromPortable } from "../infra/portable-path.js";
import type { BlobStore } from "../ports/blob-store.js";
import { localStore } from "../stores/local-store.js";

/** An enabled store as the preferences name it. */
export interface ConfiguredStore {
  readonly name: string;
  readonly settings: StoreSettings;
  /** Where it is, for people: a path or a bucket. */
  readonly where: string;
  /** Null where this version of photosync cannot reach that type of store. */
  readonly store: BlobStore | null;
}

/** Every enabled store, sorted by name. */
export function configuredStores(
  preferences: UserPreferences,
  libraryRoot: string,
): readonly ConfiguredStore[] {
  return [...storesOf(preferences)]
    .map(([name, settings]): ConfiguredStore => {
      if (settings.type === "s3") return { name, settings, where: `s3://${settings.bucket}`, store: null };
      const root = fromPortable(libraryRoot, settings.path);
      return { name, settings, where: root, store: localStore({ name, root }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Why a configured store is left out. */
export const unsupportedStore = ({ name, settings }: ConfiguredStore): Failure => ({
  subject: name,
  code: "store.unsupported",
  message: `Store ${name} is of type ${settings.type}, which this version of photosync cannot reach.`,
  hint: `Nothing was copied there. Set "enabled": false for it in config/user-preferences.json until then.`,
});

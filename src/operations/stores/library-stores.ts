import { PhotosyncError } from "../../domain/errors.js";
import { namedSettings, type StoreSettings, type UserPreferences } from "../../domain/preferences.js";

/** The names of all stores in buckets. */
export const bucketNames = (preferences: UserPreferences): readonly string[] =>
  [...namedSettings(preferences)].flatMap(([name, { type }]) => (type === "s3" ? [name] : []));

/** The settings of a store, of one that is switched off, too. Throws `store.unknown` (user). */
export function storeNamed(preferences: UserPreferences, name: string): StoreSettings {
  const all = namedSettings(preferences);
  const settings = all.get(name);
  if (settings === undefined) throw unknownStore(name, all.keys());
  return settings;
}

const unknownStore = (name: string, known: Iterable<string>): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.unknown",
    message: `There is no store ${name} in config/user-preferences.json; there are: ${[...known].join(", ") || "none"}.`,
    next: ["See them with: photosync store list", "Add one with: photosync store add"],
  });

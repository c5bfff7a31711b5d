import { PhotosyncError } from "../../domain/errors.js";
import type { StoreSettings, UserPreferences } from "../../domain/preferences.js";

/** Every store that the preferences name, those that are switched off as well; a full entry wins over the shorthand of its name. */
export function namedSettings(preferences: UserPreferences): ReadonlyMap<string, StoreSettings> {
  const { local_path, s3_bucket, b2_bucket, stores } = preferences.blob_storage;
  const all = new Map<string, StoreSettings>();
  if (local_path) all.set("local", { type: "local", path: local_path });
  if (s3_bucket) all.set("s3", { type: "s3", preset: "aws", bucket: s3_bucket });
  if (b2_bucket) all.set("b2", { type: "s3", preset: "b2", bucket: b2_bucket });
  for (const [name, settings] of Object.entries(stores ?? {})) all.set(name, settings);
  return all;
}

/** The names of all stores in buckets. */
export const bucketNames = (preferences: UserPreferences): readonly string[] =>
  [...namedSettings(preferences)].flatMap(([name, { type }]) => (type === "s3" ? [name] : []));

/** `store.unknown` (user). */
export const unknownStore = (name: string, known: Iterable<string>): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.unknown",
    message: `There is no store ${name} in config/user-preferences.json; there are: ${[...known].join(", ") || "none"}.`,
    next: ["See them with: photosync store list", "Add one with: photosync store add"],
  });

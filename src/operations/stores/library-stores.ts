import { PhotosyncError } from "../../domain/errors.js";
import { namedSettings, type UserPreferences } from "../../domain/preferences.js";

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

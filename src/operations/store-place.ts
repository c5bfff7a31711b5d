import { realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf } from "../infra/durable-file.js";

/** Folders of a library that are no place for blobs: Git's, photosync's own, and what is committed. */
const TAKEN = [".git", ".photosync", "photos", "config", "schemas", "reports"] as const;

/** The real path of a place that may not be there yet: links are followed as far as folders exist. */
export function realPlace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path || errnoOf(error) === undefined) return path;
    return join(realPlace(parent), basename(path));
  }
}

/** True for a path that is a folder or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * Why each store (name and absolute root) may not be where it is: in, at or around a folder that the library needs for
 * itself, or where another store is. Stores in a good place are not in the map.
 */
export function badPlaces(
  stores: readonly { readonly name: string; readonly root: string }[],
  libraryRoot: string,
): ReadonlyMap<string, string> {
  const library = realPlace(libraryRoot);
  const owners = new Map<string, string>();
  const problems = new Map<string, string>();
  for (const { name, root } of stores) {
    const place = realPlace(root);
    const taken = TAKEN.find((folder) => {
      const own = realPlace(join(library, folder));
      return isWithin(place, own) || isWithin(own, place);
    });
    const other = owners.get(place);
    if (isWithin(library, place)) problems.set(name, `${root} holds the library itself`);
    else if (taken !== undefined) problems.set(name, `${root} is no place beside the library's own ${taken}`);
    else if (other !== undefined) problems.set(name, `${root} is the place of store ${other} already`);
    else owners.set(place, name);
  }
  return problems;
}

/** What to do about a store in a bad place. */
export const MOVE_STORE =
  "Give it a folder of its own under blob_storage in config/user-preferences.json, such as ./blobs.";

/** The one error for every store in a bad place: `store.bad-place` (user). */
export const badPlaceError = (problems: ReadonlyMap<string, string>): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.bad-place",
    message: `${[...problems].map(([name, why]) => `Store ${name}: ${why}`).join("; ")}.`,
    next: [MOVE_STORE],
  });

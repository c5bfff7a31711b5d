import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { storesOf, type UserPreferences } from "../domain/preferences.js";
import type { Catalog } from "../ports/catalog.js";
import type { Run } from "../ports/phase.js";
import type { Staging } from "../ports/staging.js";
import { realDisk } from "../stores/disk.js";
import { stagedHashes, sweepStaging } from "../stores/staged-files.js";
import { stagedPath, staging } from "../stores/staging.js";
import { namedStores } from "./open-stores.js";

/** Where a library keeps bytes at hand for its stores. */
export const stagingFolder = (libraryRoot: string): string => join(libraryRoot, ".photosync", "staging");

/** The device of a place that may not be there yet: that of the nearest folder above it. */
async function deviceOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  if (found !== null) return found.dev;
  return dirname(path) === path ? null : deviceOf(dirname(path));
}

/**
 * The library's staging, with what killed runs left half-written removed, or null where keeping bytes does not pay: no
 * enabled local store that can be reached now is on the library's own disk, so that none could take them by a rename.
 * To be called with the library's lock held.
 */
export async function openStaging(
  libraryRoot: string,
  preferences: UserPreferences,
  run: Run,
): Promise<Staging | null> {
  const device = await deviceOf(libraryRoot);
  for (const { settings, where, store, badPlace } of namedStores(preferences, libraryRoot)) {
    if (settings.type !== "local" || store === null || badPlace !== null) continue;
    if ((await deviceOf(where)) !== device || (await store.availability(run)) === "gone") continue;
    await sweepStaging(realDisk, stagingFolder(libraryRoot));
    return stagingOf(libraryRoot, run);
  }
  return null;
}

/** The library's staging as it is, wherever the stores are; opening it changes nothing. */
export const stagingOf = (libraryRoot: string, run: Run): Staging =>
  staging({ root: stagingFolder(libraryRoot), note: (line) => run.progress.note(line) });

/** How many originals are kept at hand: names alone are read, one folder at a time. */
export async function countStaged(libraryRoot: string, run: Run): Promise<number> {
  let files = 0;
  for await (const _ of stagedHashes(realDisk, stagingFolder(libraryRoot), run)) files++;
  return files;
}

/** How many originals are kept at hand, and their bytes. */
export async function waitingInStaging(
  libraryRoot: string,
  run: Run,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const root = stagingFolder(libraryRoot);
  let files = 0;
  let bytes = 0;
  for await (const hash of stagedHashes(realDisk, root, run)) {
    const found = await stat(stagedPath(root, hash)).catch(() => null);
    if (found === null) continue;
    files++;
    bytes += found.size;
  }
  return { files, bytes };
}

/**
 * Forgets the kept bytes that an enabled store has now, and what killed runs left half-written. Bytes of which the documents know
 * nothing stay: the discover that kept them has not been committed yet. To be called with the library's lock held.
 */
export async function clearStaging(
  libraryRoot: string,
  preferences: UserPreferences,
  catalog: Catalog,
  run: Run,
): Promise<void> {
  const stores = [...storesOf(preferences).keys()];
  const root = stagingFolder(libraryRoot);
  const kept = stagingOf(libraryRoot, run);
  await sweepStaging(realDisk, root);
  for await (const hash of stagedHashes(realDisk, root, run)) {
    const photoId = catalog.photoOfHash(hash);
    const row = photoId === null ? null : catalog.row(photoId);
    const blob = row?.blobs.find((each) => each.hash === hash);
    if (blob !== undefined && stores.some((store) => Object.hasOwn(blob.stores, store)))
      await kept.forget(hash);
  }
}

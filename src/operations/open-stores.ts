import { resolve } from "node:path";
import { libraryHistory } from "../control/library-history.js";
import type { Failure } from "../domain/errors.js";
import {
  type S3StoreSettings,
  type StoreSettings,
  storesOf,
  type UserPreferences,
} from "../domain/preferences.js";
import { fromPortable } from "../infra/portable-path.js";
import type { BlobStore } from "../ports/blob-store.js";
import { lazyStore } from "../stores/lazy-store.js";
import { localStore } from "../stores/local-store.js";
import type { Surroundings } from "./service-account.js";
import { badPlaceError, badPlaces } from "./store-place.js";
import { bucketNames } from "./stores/library-stores.js";

/** An enabled store as the preferences name it. */
export interface ConfiguredStore {
  readonly name: string;
  readonly settings: StoreSettings;
  /** Where it is, for people: a path or a bucket. */
  readonly where: string;
  /** Null where it was not to be opened. */
  readonly store: BlobStore | null;
  /** Why it may not be where it is; null for a good place. */
  readonly badPlace: string | null;
}

/** What it takes to open stores beyond this computer's disks. */
export type StoreSurroundings = Pick<Surroundings, "env" | "time" | "random"> & {
  /** What this run sends to each bucket at most, where its settings do not say less. */
  readonly uploadBytesPerSecond?: number;
};

/**
 * Every enabled store, sorted by name, those in a bad place as well: to look at only. Without surroundings, those beyond this computer's
 * disks are named and not opened.
 */
export function namedStores(
  preferences: UserPreferences,
  libraryRoot: string,
  surroundings?: StoreSurroundings,
): readonly ConfiguredStore[] {
  const library = libraryHistory(libraryRoot);
  const rootOf = (path: string) => resolve(fromPortable(libraryRoot, path));
  const stores = [...storesOf(preferences)].sort(([a], [b]) => (a < b ? -1 : 1));
  const buckets = bucketNames(preferences);
  const problems = badPlaces(
    stores.flatMap(([name, settings]) =>
      settings.type === "local" ? [{ name, root: rootOf(settings.path) }] : [],
    ),
    libraryRoot,
  );
  return stores.map(([name, settings]): ConfiguredStore => {
    if (settings.type === "s3") {
      const { bucket, prefix } = settings;
      const store =
        surroundings === undefined ? null : bucketStore(name, settings, libraryRoot, buckets, surroundings);
      return { name, settings, where: `s3://${bucket}${prefix ? `/${prefix}` : ""}`, store, badPlace: null };
    }
    const root = rootOf(settings.path);
    const badPlace = problems.get(name) ?? null;
    return { name, settings, where: root, store: localStore({ name, root, library }), badPlace };
  });
}

const bucketStore = (
  name: string,
  settings: S3StoreSettings,
  libraryRoot: string,
  buckets: readonly string[],
  surroundings: StoreSurroundings,
): BlobStore =>
  lazyStore(
    name,
    async () => {
      const { openS3Store } = await import("./open-s3-store.js");
      return openS3Store(name, settings, libraryRoot, buckets, surroundings);
    },
    settings.concurrency,
  );

/** Every enabled store, sorted by name, fit to be written to. Throws `store.bad-place` (user). */
export function configuredStores(
  preferences: UserPreferences,
  libraryRoot: string,
  surroundings?: StoreSurroundings,
): readonly ConfiguredStore[] {
  const stores = namedStores(preferences, libraryRoot, surroundings);
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

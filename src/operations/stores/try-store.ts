import { libraryHistory } from "../../control/library-history.js";
import { PhotosyncError } from "../../domain/errors.js";
import type { S3StoreSettings, StoreSettings } from "../../domain/preferences.js";
import { storeUrl } from "../../domain/store-url.js";
import type { Run } from "../../ports/phase.js";
import { localStore } from "../../stores/local-store.js";
import type { Permission } from "../../stores/s3/probing/examine-permissions.js";
import { tryFolder } from "../../stores/try-folder.js";
import type { StoreSurroundings } from "../open-stores.js";
import { abilitiesOf } from "./server-abilities.js";
import { policyCommand } from "./store-policy.js";
import type { StoreTest, StoreTrial } from "./store-results.js";

/** A store that is to be tried, of this library or about to be. */
export interface TriedStore {
  readonly name: string;
  readonly settings: StoreSettings;
  /** Its absolute folder; null where it is in a bucket. */
  readonly root: string | null;
  /** The names of all stores in buckets, this one among them. */
  readonly buckets: readonly string[];
}

/**
 * Writes, reads, lists and removes objects of its own in the store, and finds out what its server can prove. Throws what keeps it from being
 * used: `store.no-permission` (user) names every action that is missing, `store.unavailable` another store at the same place, and
 * `store.other-library` one of the same name of another library.
 */
export async function tryStore(
  tried: TriedStore,
  libraryRoot: string,
  surroundings: StoreSurroundings,
  run: Run,
): Promise<StoreTest> {
  const { name, settings, root } = tried;
  if (settings.type === "s3") return tryBucket(tried, settings, libraryRoot, surroundings, run);
  const url = root ?? settings.path;
  const store = localStore({ name, root: url, library: libraryHistory(libraryRoot) });
  const standing = await store.availability(run);
  if (standing === "gone")
    throw (
      store.trouble?.() ??
      new PhotosyncError({
        kind: "user",
        code: "store.unavailable",
        message: `Store ${name} cannot be used: ${url} cannot be reached, or is another store's folder.`,
        next: ["Connect its disk, or give another folder; the folder above it has to be there."],
      })
    );
  await tryFolder(url, run);
  const done = (deed: string): StoreTrial => ({ deed, action: null, outcome: "ok", needed: true });
  return {
    name,
    url,
    standing,
    trials: ["write files", "read files", "list files", "remove files"].map(done),
    abilities: [],
  };
}

async function tryBucket(
  { name, buckets }: TriedStore,
  settings: S3StoreSettings,
  libraryRoot: string,
  surroundings: StoreSurroundings,
  run: Run,
): Promise<StoreTest> {
  const { openS3Store } = await import("../open-s3-store.js");
  const store = openS3Store(name, settings, libraryRoot, buckets, surroundings);
  const permissions = await store.permissions(run);
  const missing = permissions.filter(({ isGranted, isNeeded }) => isNeeded && isGranted === false);
  if (missing.length > 0) throw notPermitted(name, settings, missing);
  const can = await store.test(run);
  const standing = await store.availability(run);
  const trouble = store.trouble?.() ?? null;
  if (standing === "gone" && trouble !== null) throw trouble;
  return {
    name,
    url: storeUrl(settings),
    standing: standing === "ready" ? "ready" : "new",
    trials: permissions.map(({ action, deed, isGranted, isNeeded }) => ({
      deed,
      action,
      outcome: isGranted === null ? "unknown" : isGranted ? "ok" : "missing",
      needed: isNeeded,
    })),
    abilities: abilitiesOf(can),
  };
}

function notPermitted(
  name: string,
  settings: S3StoreSettings,
  missing: readonly Permission[],
): PhotosyncError {
  const named = missing.map(({ deed, action }) => `${deed} (${action})`);
  const list = [named.slice(0, -1).join(", "), named.at(-1)].filter(Boolean).join(" and ");
  return new PhotosyncError({
    kind: "user",
    code: "store.no-permission",
    message: `The access keys of store ${name} may not ${list}.`,
    next: [
      `Allow it in the policy of the keys, or in that of the bucket; what suffices is printed by: ${policyCommand(settings)}`,
    ],
    data: { missing: [...new Set(missing.map(({ action }) => action))].join(" ") },
  });
}

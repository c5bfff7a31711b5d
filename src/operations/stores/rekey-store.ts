import { loadConfig } from "../../control/config.js";
import { PhotosyncError } from "../../domain/errors.js";
import { encryptionMethod } from "../../domain/preferences.js";
import { storeUrl } from "../../domain/store-url.js";
import type { Run } from "../../ports/phase.js";
import { openS3Store } from "../open-s3-store.js";
import type { StoreSurroundings } from "../open-stores.js";
import { formerSecrets, keptSecrets, saidSecrets } from "../sealed-secrets.js";
import { weakPassphrase } from "../weak-passphrase.js";
import { bucketNames, storeNamed } from "./library-stores.js";
import type { StoreRekeyResult } from "./store-results.js";

export interface RekeyStoreOptions {
  readonly name: string;
  readonly dryRun: boolean;
  readonly surroundings: StoreSurroundings;
}

/**
 * Locks an encrypted store's key file anew: to the recipients that its settings name, or to the passphrase that is set now. What opened it before
 * is found in the environment (`…_OLD_PASSPHRASE`, `…_OLD_IDENTITY`) or where this user's secrets are kept. Nothing else in the bucket or the
 * library changes. Throws `store.unknown`, `store.not-sealed` (user), and what keeps the key file from being opened or written.
 */
export async function rekeyStore(
  libraryRoot: string,
  { name, dryRun, surroundings }: RekeyStoreOptions,
  run: Run,
): Promise<StoreRekeyResult> {
  const { preferences } = await loadConfig(libraryRoot);
  const settings = storeNamed(preferences, name);
  if (settings.type !== "s3")
    throw new PhotosyncError({
      kind: "user",
      code: "store.not-sealed",
      message: `Store ${name} is a folder, which photosync does not encrypt.`,
      next: ["Encrypt its disk, or add an encrypted store in a bucket: photosync store add"],
    });
  const store = openS3Store(name, settings, libraryRoot, bucketNames(preferences), surroundings);
  const former = await formerSecrets(name, surroundings, run);
  const { changed, keptAs } = await store.rekey({ former, isDry: dryRun }, run);
  const isLockedByPassphrase =
    settings.encryption !== undefined && encryptionMethod(settings.encryption) === "passphrase";
  const now = saidSecrets(name, surroundings).passphrase;
  const kept = (await keptSecrets(name, surroundings, run)).passphrase;
  const weak = await weakPassphrase(name, settings, surroundings, run);
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit: null,
    counts: { changed: changed ? 1 : 0 },
    failures: [],
    outcome: "done",
    name,
    url: storeUrl(settings),
    kept_as: keptAs,
    notes: [
      ...(weak === null ? [] : [weak]),
      ...(isLockedByPassphrase && now !== undefined && kept !== undefined && kept !== now
        ? [
            "What is kept on this computer is the passphrase from before. Keep the new one, too, or set it in the environment for each run.",
          ]
        : []),
      ...(changed
        ? [
            "Whoever had the old passphrase or identity and an old copy of the key file can still read the store. Where that matters, make a new encrypted store and let replicate fill it.",
          ]
        : []),
    ],
  };
}

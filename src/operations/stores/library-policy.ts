import { loadConfig } from "../../control/config.js";
import { PhotosyncError } from "../../domain/errors.js";
import type { S3StoreSettings } from "../../domain/preferences.js";
import { storeNamed } from "./library-stores.js";
import { policyFor } from "./store-policy.js";
import type { StorePolicyResult } from "./store-results.js";

/** The least policy for a store of a library. Throws `store.unknown`, `store.no-policy` (user). */
export async function libraryPolicy(libraryRoot: string, name: string): Promise<StorePolicyResult> {
  const { preferences } = await loadConfig(libraryRoot);
  const settings = storeNamed(preferences, name);
  if (settings.type !== "s3")
    throw new PhotosyncError({
      kind: "user",
      code: "store.no-policy",
      message: `Store ${name} is a folder, which no policy is about.`,
      next: ["Policies are for stores in buckets."],
    });
  return policyResult(libraryRoot, name, settings);
}

/** The same of settings; `name` is null where no library has them. Throws `config.store`, `store.no-policy` (user). */
export function policyResult(
  library: string,
  name: string | null,
  settings: S3StoreSettings,
): StorePolicyResult {
  return {
    library,
    dry_run: false,
    commit: null,
    counts: {},
    failures: [],
    outcome: "done",
    ...policyFor(name, settings),
  };
}

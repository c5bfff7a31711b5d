import { locationReader } from "../infra/archive/open-location.js";
import { digestOf } from "../infra/hash.js";
import type { ReplicateDeps } from "../phases/replicate/replicate-deps.js";
import type { Run } from "../ports/phase.js";
import { stagingOf } from "./open-staging.js";
import { suspectKey } from "./record-proven.js";
import type { Session } from "./session.js";

/** What it takes to fill the `targets` among these stores in an open library: the same for `replicate` and for repairs. */
export function fillingDeps(
  { catalog, documents, config, index, libraryRoot }: Session,
  { stores, targets }: Pick<ReplicateDeps, "stores" | "targets">,
  run: Run,
): ReplicateDeps {
  return {
    catalog,
    documents,
    stores,
    targets,
    locations: locationReader(libraryRoot),
    staging: stagingOf(libraryRoot, run),
    primary: config.preferences.blob_storage.primary,
    parallel: config.preferences.sync_preferences.max_parallel_downloads,
    suspects: { has: (store, key) => index.suspects.doesExist(suspectKey(store, key)) },
    sha256Hex: digestOf,
  };
}

import { loadConfig } from "../../control/config.js";
import { type Failure, failureOf, PhotosyncError } from "../../domain/errors.js";
import { storesOf } from "../../domain/preferences.js";
import { fromPortable } from "../../infra/portable-path.js";
import type { Run } from "../../ports/phase.js";
import type { StoreSurroundings } from "../open-stores.js";
import type { Outcome } from "../results.js";
import { bucketNames, storeNamed } from "./library-stores.js";
import type { StoreTest, StoreTestResult } from "./store-results.js";
import { tryStore } from "./try-store.js";

/**
 * Tries the named stores, or every enabled one: each by objects of its own, which are removed again. What its server can do is remembered on this
 * computer; the library is left as it is. A store that fails does not keep the others from being tried. Throws `store.unknown` (user).
 */
export async function testStores(
  libraryRoot: string,
  names: readonly string[],
  surroundings: StoreSurroundings,
  run: Run,
): Promise<StoreTestResult> {
  const { preferences } = await loadConfig(libraryRoot);
  const chosen = names.length > 0 ? [...new Set(names)] : [...storesOf(preferences).keys()].sort();
  const settingsOf = new Map(chosen.map((name) => [name, storeNamed(preferences, name)]));
  const tests: StoreTest[] = [];
  const failures: Failure[] = [];
  const kinds = new Set<PhotosyncError["kind"]>();
  for (const [name, settings] of settingsOf) {
    const root = settings.type === "local" ? fromPortable(libraryRoot, settings.path) : null;
    const tried = { name, settings, root, buckets: bucketNames(preferences) };
    try {
      tests.push(await tryStore(tried, libraryRoot, surroundings, run));
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind === "cancelled" || error.kind === "bug")
        throw error;
      kinds.add(error.kind);
      failures.push(failureOf(name, error));
    }
  }
  return {
    library: libraryRoot,
    dry_run: false,
    commit: null,
    counts: { tested: chosen.length, ok: tests.length, failed: failures.length },
    failures,
    outcome: outcomeOf(kinds),
    tests,
  };
}

const SAID: readonly Outcome[] = ["auth", "transient", "integrity"];

/** Where all that failed failed alike, the exit code says so. */
function outcomeOf(kinds: ReadonlySet<PhotosyncError["kind"]>): Outcome {
  const [only, ...more] = kinds;
  if (only === undefined) return "done";
  return SAID.find((outcome) => more.length === 0 && outcome === only) ?? "partial";
}

import type { PhotoDocument } from "../../src/domain/photo.js";
import { digestOf } from "../../src/infra/hash.js";
import { recordReplicas } from "../../src/phases/replicate/record.js";
import type { ReplicateDeps } from "../../src/phases/replicate/replicate-deps.js";
import { replicatePhase } from "../../src/phases/replicate/replicate-phase.js";
import type { ReplicateStep } from "../../src/phases/replicate/replicate-step.js";
import { runPhase } from "../../src/phases/run-phase.js";
import { type SettledResults, settledResults } from "../../src/phases/settled-results.js";
import type { BlobStore } from "../../src/ports/blob-store.js";
import type { Plan, Run, StepResult } from "../../src/ports/phase.js";
import { memoryStore } from "../../src/stores/memory-store.js";
import { type FakeLibrary, fakeLibrary } from "./fake-catalog.js";
import { type FakeLocations, fakeLocations } from "./fake-locations.js";

export const NOW = "2026-03-04T05:06:07Z";

/** A run whose clock stands still and whose progress nobody watches. */
export const quietRun = (signal: AbortSignal = new AbortController().signal): Run => ({
  signal,
  clock: { now: () => NOW },
  progress: { stage: () => {}, advance: () => {}, note: () => {} },
});

/** A library, its stores and the places its photos were found at. */
export interface ReplicateWorld {
  readonly library: FakeLibrary;
  readonly stores: Map<string, BlobStore>;
  readonly locations: FakeLocations;
  /** Paths of kept bytes, which `locations` holds, by hash. */
  readonly staged: Map<string, string>;
  /** `store key` of replicas under suspicion. */
  readonly suspects: Set<string>;
}

/** A world with these photos, a store named `local` unless others are given, and no source file yet. */
export function replicateWorld(
  photos: readonly PhotoDocument[],
  stores: readonly BlobStore[] = [memoryStore("local")],
): ReplicateWorld {
  return {
    library: fakeLibrary(photos),
    stores: new Map(stores.map((store) => [store.name, store])),
    locations: fakeLocations(),
    staged: new Map(),
    suspects: new Set(),
  };
}

export function depsOf(world: ReplicateWorld, targets?: readonly string[]): ReplicateDeps {
  return {
    catalog: world.library.catalog(),
    documents: world.library.documents,
    stores: world.stores,
    targets: new Set(targets ?? world.stores.keys()),
    locations: world.locations,
    staging: {
      find: async (hash) => world.staged.get(hash) ?? null,
      forget: async (hash) => void world.staged.delete(hash),
    },
    primary: "local",
    parallel: 3,
    suspects: { has: (store, key) => world.suspects.has(`${store} ${key}`) },
    sha256Hex: digestOf,
  };
}

/** What `replicate` would do now. */
export async function planOf(
  world: ReplicateWorld,
  targets?: readonly string[],
): Promise<Plan<ReplicateStep>> {
  const phase = replicatePhase(depsOf(world, targets));
  return phase.plan(await phase.observe(quietRun()));
}

export interface Replicated extends SettledResults<StepResult> {
  readonly plan: Plan<ReplicateStep>;
  /** Number of documents that were written. */
  readonly edits: number;
}

/** Plans, executes and records, as `replicate --execute` does. */
export async function replicate(
  world: ReplicateWorld,
  options: { readonly targets?: readonly string[]; readonly run?: Run } = {},
): Promise<Replicated> {
  const deps = depsOf(world, options.targets);
  const { plan, performed } = await runPhase(
    replicatePhase(deps),
    options.run ?? quietRun(),
    "do",
    () => {},
    async (shown, results) => {
      const settled = await settledResults(results);
      const edits = recordReplicas(settled.results, shown, {
        ...deps,
        services: new Map(),
        isWhole: true,
        stores: new Set(world.stores.keys()),
        sourceOfTruth: (key) => `blobs/${key}`,
        now: NOW,
      });
      return { ...settled, edits: await world.library.apply(edits) };
    },
  );
  if (performed === null) throw new Error("mode do performs");
  return { plan, ...performed };
}

import { spareGenerations } from "../domain/bundle-generations.js";
import { isBundleOf } from "../domain/bundle-name.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import {
  type BundlePlan,
  type BundleStep,
  planBundles,
  type SeenShelf,
} from "../phases/replicate/plan-bundles.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { HeldBack, Run } from "../ports/phase.js";
import { type MadeBundle, withBundle } from "./made-bundle.js";
import type { ToldBundle } from "./results.js";
import type { Session } from "./session.js";

/** Looks at the shelves of those target stores that are not held back, and plans which get a bundle. Reads only. */
export async function bundlePlanOf(
  revision: string,
  plan: { readonly steps: readonly unknown[]; readonly held: readonly HeldBack[] },
  stores: readonly BlobStore[],
  run: Run,
): Promise<BundlePlan> {
  const held = new Set(plan.held.map(({ subject }) => subject));
  const open = stores.filter(({ name }) => !held.has(`store ${name}`));
  const shelves = await Promise.all(open.map((store) => shelfOf(store, run)));
  return planBundles(revision, plan.steps.length > 0, shelves);
}

async function shelfOf(store: BlobStore, run: Run): Promise<SeenShelf> {
  try {
    if ((await store.availability(run)) === "new") return { store: store.name, names: [] };
    return { store: store.name, names: (await store.bundles.list(run)).map(({ name }) => name) };
  } catch (error) {
    requireExpected(error, run);
    return { store: store.name, names: null };
  }
}

/** A defect, and an abort, are not the trouble of one store. */
function requireExpected(error: unknown, run: Run): asserts error is PhotosyncError {
  if (run.signal.aborted || !(error instanceof PhotosyncError) || error.kind === "bug") throw error;
}

/** A plan's bundles as a result tells them before they are sent. */
export const plannedBundles = ({ steps }: BundlePlan): readonly ToldBundle[] =>
  steps.map(({ target, why }) => ({
    store: target,
    outcome: "planned",
    why,
    name: null,
    bytes: null,
    removed: 0,
  }));

export interface SentBundles {
  readonly bundles: readonly ToldBundle[];
  readonly failures: readonly Failure[];
}

/**
 * Does what the plan says: one bundle of the library as it stands now is made and goes to all those stores at once, and generations that it
 * makes spare are removed where it is proven. Stores in `stopped` have failed already. What goes wrong is a failure: the operation stands, and
 * the next run sends the bundle; so it does after an abort. Throws defects.
 */
export async function sendBundles(
  { control, libraryRoot }: Pick<Session, "control" | "libraryRoot">,
  plan: BundlePlan,
  stores: ReadonlyMap<string, BlobStore>,
  stopped: ReadonlySet<string>,
  run: Run,
): Promise<SentBundles> {
  const revision = await control.head();
  const had = new Map(plan.shelves.map(({ store, names }) => [store, names ?? []]));
  const isThere = (store: string) => had.get(store)?.some((name) => isBundleOf(name, revision)) === true;
  const steps = plan.steps.filter(({ target }) => !stopped.has(target) && !isThere(target));
  if (steps.length === 0) return { bundles: [], failures: [] };
  run.progress.stage("Bundling the library's history", {});
  try {
    return await withBundle(libraryRoot, control, revision, [...had.values()].flat(), run, async (made) => {
      const told = await Promise.all(steps.map((step) => send(step, made, stores.get(step.target), run)));
      return {
        bundles: told.flatMap((each) => ("outcome" in each ? [each] : [])),
        failures: told.flatMap((each) => ("code" in each ? [each] : [])),
      };
    });
  } catch (error) {
    if (run.signal.aborted) return { bundles: [], failures: [] };
    requireExpected(error, run);
    return { bundles: [], failures: steps.map(({ target }) => notStored(target, error)) };
  }
}

async function send(
  { target, why }: BundleStep,
  { source, commits }: MadeBundle,
  store: BlobStore | undefined,
  run: Run,
): Promise<ToldBundle | Failure> {
  if (store === undefined) throw new RangeError(`the plan names store ${target}, which is not open`);
  const { name, sizeBytes: bytes } = source;
  run.progress.stage(`Sending the library's bundle to ${target}`, { bytes }, target);
  try {
    await store.bundles.put(
      {
        ...source,
        async *open() {
          for await (const chunk of source.open()) {
            yield chunk;
            run.progress.advance({ bytes: chunk.length }, target);
          }
        },
      },
      run,
    );
  } catch (error) {
    requireExpected(error, run);
    return notStored(target, error);
  }
  return { store: target, outcome: "sent", why, name, bytes, removed: await tidy(store, commits, run) };
}

/** Removes the generations that are spare by now; tells how many. One that stays is spare the next time, too. */
async function tidy(store: BlobStore, commits: readonly string[], run: Run): Promise<number> {
  let removed = 0;
  try {
    const kept = await store.bundles.list(run);
    for (const name of spareGenerations(
      kept.map(({ name }) => name),
      commits,
    )) {
      await store.bundles.remove(name, run);
      removed++;
    }
  } catch (error) {
    requireExpected(error, run);
    run.progress.note(`Older bundles in store ${store.name} could not be removed: ${error.message}`);
  }
  return removed;
}

const notStored = (store: string, error: PhotosyncError): Failure => ({
  subject: `store ${store}`,
  code: "bundle.not-stored",
  message: `Store ${store} has no bundle of the library as it is now: ${error.message}`,
  hint: [...error.next, "The next photosync replicate --execute sends it."].join(" "),
});

import { type BundleName, isBundleOf } from "../../domain/bundle-name.js";

/** The bundles in a reachable store; null where they could not be listed. */
export interface SeenShelf {
  readonly store: string;
  readonly names: readonly BundleName[] | null;
}

/** Sends the library's bundle to one store. */
export interface BundleStep {
  readonly action: "store-bundle";
  /** The store's name. */
  readonly target: string;
  readonly why: string;
}

/** What goes where once the documents are recorded, and what was seen there. */
export interface BundlePlan {
  readonly steps: readonly BundleStep[];
  readonly shelves: readonly SeenShelf[];
}

function reason({ names }: SeenShelf, revision: string, mayCommit: boolean): string | null {
  if (names === null) return "its bundles could not be listed";
  if (names.length === 0) return "it has no bundle of the library yet";
  if (!names.some((name) => isBundleOf(name, revision))) return "its newest bundle is of an older commit";
  return mayCommit ? "what this run records is not in its bundles yet" : null;
}

/**
 * One step for each store that has no bundle of the commit at which the library will stand: of `revision`, or, where `mayCommit`, of the
 * operation's own, which no store has. Pure.
 */
export const planBundles = (
  revision: string,
  mayCommit: boolean,
  shelves: readonly SeenShelf[],
): BundlePlan => ({
  shelves,
  steps: shelves.flatMap((shelf): BundleStep[] => {
    const why = reason(shelf, revision, mayCommit);
    return why === null ? [] : [{ action: "store-bundle", target: shelf.store, why }];
  }),
});

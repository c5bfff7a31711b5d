import { type BundleName, isBundleOf } from "../domain/bundle-name.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";

/** Bundles that end with a commit which the history of `revision`, merges included, does not hold: what another computer recorded and nobody brought together. */
export async function leftOutBundles(
  control: ControlPlane,
  revision: string,
  names: readonly BundleName[],
  run: Run,
): Promise<readonly BundleName[]> {
  let left = names;
  const seen = new Set<string>();
  const waiting = [revision];
  for (let start = waiting.pop(); start !== undefined && left.length > 0; start = waiting.pop()) {
    for await (const { revision: commit, parents } of control.history(start, run)) {
      if (seen.has(commit)) break;
      seen.add(commit);
      left = left.filter((name) => !isBundleOf(name, commit));
      waiting.push(...parents.slice(1));
    }
  }
  return left;
}

/** What a person is told of such a bundle. */
export const leftOutNote = (name: BundleName): string =>
  `${name} has changes that this library lacks: another computer recorded them. See them with: photosync recover STORE-URL OTHER-DIR --generation ${name}; bring both together with git.`;

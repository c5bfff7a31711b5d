import type { Call } from "../ports/call.js";
import { parseCommit } from "./commit-object.js";
import type { ObjectStore } from "./object-store.js";
import { OidSet } from "./oid-set.js";
import { createPacer } from "./pacer.js";
import { hasBlob, isFolder, parseTree, type TreeEntry } from "./tree-codec.js";

/** Everything that a commit leads to: commits first, then trees and blobs as they are met. */
export interface ReachableObjects {
  readonly oids: OidSet;
  /** The commits, newest first along each line. */
  readonly commits: readonly string[];
}

/**
 * Walks from a commit to all commits, trees and blobs of its history. Trees are read, blobs only named: `onEntry` sees each line of each tree, once
 * a tree. Throws `library.damaged` for a commit or tree that is not there, and `cancelled`.
 */
export async function reachableObjects(
  objects: ObjectStore,
  revision: string,
  call: Call,
  onEntry: (entry: TreeEntry, tree: string) => void = () => {},
): Promise<ReachableObjects> {
  const pace = createPacer(call);
  const oids = new OidSet();
  const commits: string[] = [];
  const roots: string[] = [];
  const waiting = [revision];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    await pace();
    if (!oids.add(next)) continue;
    const { tree, parents } = parseCommit(objects.read(next, "commit"), next);
    commits.push(next);
    roots.push(tree);
    waiting.push(...parents);
  }
  for (const root of roots) {
    const trees = [root];
    for (let tree = trees.pop(); tree !== undefined; tree = trees.pop()) {
      await pace();
      if (!oids.add(tree)) continue;
      for (const entry of parseTree(objects.read(tree, "tree"), tree)) {
        onEntry(entry, tree);
        if (isFolder(entry)) trees.push(entry.oid);
        else if (hasBlob(entry)) oids.add(entry.oid);
      }
    }
  }
  return { oids, commits };
}

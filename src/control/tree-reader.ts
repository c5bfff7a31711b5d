import { ByteBoundedCache } from "./byte-bounded-cache.js";
import { parseCommit } from "./commit-object.js";
import { nullOid } from "./git-object.js";
import type { ObjectStore } from "./object-store.js";
import { hasBlob, isFolder, parseTree, sortKey, type TreeEntry } from "./tree-codec.js";
import { TreeNames } from "./tree-names.js";

/** A file of a tree; `path` is a byte path from the root. */
export interface TreeLeaf {
  readonly path: string;
  readonly oid: string;
  readonly mode: number;
}

export interface LeafChange {
  readonly path: string;
  readonly before: TreeLeaf | null;
  readonly after: TreeLeaf | null;
}

/** About 75 bytes an entry: the trees of 800,000 documents. */
const recentBytes = 64 * 1024 * 1024;

/** Looks things up in the trees of a repository. Trees are immutable, so recently used ones are kept. */
export class TreeReader {
  readonly #objects: ObjectStore;
  readonly #recent = new ByteBoundedCache<TreeNames>(recentBytes);
  /** Documents are mostly read one after another from one revision, and commits never change. */
  #lastRoot: { readonly revision: string; readonly tree: string } | null = null;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** The root tree of a commit; null for the revision before the first commit. Throws `library.damaged`. */
  rootOf(revision: string): string | null {
    if (revision === nullOid) return null;
    if (this.#lastRoot?.revision !== revision) {
      const { tree } = parseCommit(this.#objects.read(revision, "commit"), revision);
      this.#lastRoot = { revision, tree };
    }
    return this.#lastRoot.tree;
  }

  /** The bytes of a tree object, as Git keeps them. */
  bytesOf(tree: string): Buffer {
    return this.#objects.read(tree, "tree");
  }

  entriesOf(tree: string): readonly TreeEntry[] {
    return parseTree(this.#objects.read(tree, "tree"), tree);
  }

  /** The names of a tree. Throws `library.damaged`. */
  namesOf(tree: string): TreeNames {
    const known = this.#recent.get(tree);
    if (known !== undefined) return known;
    const names = new TreeNames(this.#objects.read(tree, "tree"), tree);
    this.#recent.set(tree, names, names.sizeBytes);
    return names;
  }

  /** What stands at a path, from a root tree down; null when nothing does. */
  find(root: string | null, path: string): TreeEntry | null {
    let found: TreeEntry | null = root === null ? null : { mode: 0o40000, name: "", oid: root };
    for (const part of path === "" ? [] : path.split("/")) {
      if (found === null || !isFolder(found)) return null;
      found = this.namesOf(found.oid).find(part);
    }
    return found;
  }

  /** Everything under a tree but folders, in Git's order (bytes of the whole path); submodules are among it. */
  *leaves(tree: string | null, prefix: string): Generator<TreeLeaf> {
    if (tree === null) return;
    for (const entry of this.entriesOf(tree)) {
      const path = prefix + entry.name;
      if (isFolder(entry)) yield* this.leaves(entry.oid, `${path}/`);
      else yield { path, oid: entry.oid, mode: entry.mode };
    }
  }

  /** Files that differ in content or mode, in Git's order; subtrees with equal ids are not opened. */
  *diff(before: string | null, after: string | null, prefix: string): Generator<LeafChange> {
    if (before === after) return;
    const left = before === null ? [] : this.entriesOf(before);
    const right = after === null ? [] : this.entriesOf(after);
    for (let l = 0, r = 0; l < left.length || r < right.length; ) {
      const a = left[l];
      const b = right[r];
      const order = a === undefined ? 1 : b === undefined ? -1 : compare(sortKey(a), sortKey(b));
      const was = order <= 0 && a !== undefined ? a : null;
      const is = order >= 0 && b !== undefined ? b : null;
      if (was !== null) l++;
      if (is !== null) r++;
      yield* this.#diffEntries(was, is, prefix);
    }
  }

  *#diffEntries(was: TreeEntry | null, is: TreeEntry | null, prefix: string): Generator<LeafChange> {
    const entry = was ?? is;
    if (entry === null || (was?.oid === is?.oid && was?.mode === is?.mode)) return;
    const path = prefix + entry.name;
    if (isFolder(entry)) yield* this.diff(was?.oid ?? null, is?.oid ?? null, `${path}/`);
    else yield { path, before: leafOf(was, path), after: leafOf(is, path) };
  }
}

function leafOf(entry: TreeEntry | null, path: string): TreeLeaf | null {
  return entry === null || !hasBlob(entry) ? null : { path, oid: entry.oid, mode: entry.mode };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

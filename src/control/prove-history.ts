import { PhotosyncError } from "../domain/errors.js";
import type { Call } from "../ports/call.js";
import { damagedBundle } from "./bundle-header.js";
import { fromBytePath, spellsGitFolder, spellsOwnFolder } from "./byte-path.js";
import { codeByType } from "./git-object.js";
import type { GitRepository } from "./git-repository.js";
import type { IndexedPack } from "./index-pack.js";
import { OidSet } from "./oid-set.js";
import { createPacer } from "./pacer.js";
import { reachableObjects } from "./reachable-objects.js";
import { hasBlob, isFolder, sortKey, type TreeEntry } from "./tree-codec.js";
import type { TreeReader } from "./tree-reader.js";

/** What Git has ever written into trees: files (the last one long ago), links, folders and submodules. */
const knownModes: ReadonlySet<number> = new Set([0o100644, 0o100755, 0o100664, 0o120000, 0o40000, 0o160000]);
/** What file systems take: names of 255 bytes, and paths of 1,024 on macOS. */
const longestName = 255;
const longestPath = 1000;

/**
 * Proves that a bundle's history can be lived with, before a branch names it: every object of it is in the pack and of the right type, every name in it is one
 * that a library may hold, and all files of `revision` can be written. Tells how many commits there are. Throws `bundle.damaged` and `bundle.unsafe` (integrity).
 */
export async function proveHistory(
  { objects, trees }: GitRepository,
  revision: string,
  pack: IndexedPack,
  call: Call,
): Promise<number> {
  const known = new OidSet();
  const files = new OidSet();
  for (let position = 0; position < pack.count; position++) {
    const oid = pack.ids.toString("hex", position * 20, position * 20 + 20);
    known.add(oid);
    if (pack.types[position] === codeByType.blob) files.add(oid);
  }
  const inOrder = orderKeeper();
  try {
    const found = await reachableObjects(objects, revision, call, (entry, tree) => {
      requireSafe(entry);
      inOrder(entry, tree);
      if (hasBlob(entry) && !files.has(entry.oid)) throw damagedBundle("a file of its history is missing");
    });
    for (let position = 0; position < found.oids.size; position++)
      if (!known.has(found.oids.at(position))) throw damagedBundle("a part of its history is missing");
    await requireWritable(trees, revision, pack.count, call);
    return found.commits.length;
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.code !== "library.damaged") throw error;
    throw damagedBundle("its history has gaps", error);
  }
}

/** A bundle comes from outside: what it wants written must stay in the library, and out of what runs there. */
function requireSafe({ name: bytes, mode }: TreeEntry): void {
  const name = fromBytePath(bytes);
  if (["", ".", ".."].includes(name) || /[/\\]/.test(name) || spellsGitFolder(name) || spellsOwnFolder(name))
    throw unsafe(`a file named ${JSON.stringify(name)}, which no library holds`);
  if (!knownModes.has(mode))
    throw damagedBundle("a folder in its history holds what is neither file nor folder");
}

/** Names are looked up by halving, and each stands for one thing: folders must be in Git's order. They come one after another, each in one piece. */
function orderKeeper(): (entry: TreeEntry, tree: string) => void {
  let last = { tree: "", key: "" };
  return (entry, tree) => {
    const key = sortKey(entry);
    if (tree === last.tree && key <= last.key)
      throw damagedBundle("a folder in its history is not in Git's order");
    last = { tree, key };
  };
}

/** A few trees that name each other many times make more files than any disk holds, and paths that none takes. */
async function requireWritable(
  trees: TreeReader,
  revision: string,
  objects: number,
  call: Call,
): Promise<void> {
  const pace = createPacer(call);
  let files = 0;
  const waiting = [{ tree: trees.rootOf(revision), path: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of next.tree === null ? [] : trees.entriesOf(next.tree)) {
      await pace();
      const { name } = entry;
      const path = next.path + name.length + 1;
      if (name.length > longestName || path > longestPath)
        throw unsafe(`a file at a path of ${path} bytes, more than disks take`);
      if (isFolder(entry)) waiting.push({ tree: entry.oid, path });
      // Documents differ from each other; copies of an owner's own file may not.
      if (++files > 1000 + 4 * objects)
        throw unsafe("the same few files written again and again, more often than any disk holds");
    }
  }
}

const unsafe = (what: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "bundle.unsafe",
    message: `The bundle wants ${what}: somebody else may have made it.`,
    next: ["Take an older one: photosync recover STORE-URL DIR --list shows which there are."],
  });

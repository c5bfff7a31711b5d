import { PhotosyncError } from "../domain/errors.js";
import { fromBytePath } from "./byte-path.js";
import type { ObjectSink } from "./object-sink.js";
import { folderMode, isFolder } from "./tree-codec.js";
import { EditedFolder } from "./tree-edit.js";
import type { TreeReader } from "./tree-reader.js";

/** A file as a commit leaves it; `null` removes it. `path` is a byte path. */
export interface TreeEdit {
  readonly path: string;
  readonly to: { readonly oid: string; readonly mode: number } | null;
}

/**
 * Builds the root tree that `base` becomes with `edits` (sorted by path, one per path), writing new trees to `sink`. Only folders
 * with an edit are opened; all other entries, their modes included, are carried over unread. Folders left empty
 * vanish. Returns the tree's id. Throws `commit.path-conflict` when a file would stand where a folder does.
 */
export async function buildRootTree(
  base: string | null,
  edits: readonly TreeEdit[],
  trees: TreeReader,
  sink: ObjectSink,
): Promise<string> {
  const root = await buildTree(base, edits, 0, edits.length, 0, { trees, sink });
  return root ?? sink.add("tree", Buffer.alloc(0));
}

interface Tools {
  readonly trees: TreeReader;
  readonly sink: ObjectSink;
}

/** Handles `edits[from..to)`, all below one folder whose path with its slash is `depth` characters long. */
async function buildTree(
  base: string | null,
  edits: readonly TreeEdit[],
  from: number,
  to: number,
  depth: number,
  tools: Tools,
): Promise<string | null> {
  const folder = new EditedFolder(base === null ? null : tools.trees.namesOf(base));
  const folders: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (let at = from; at < to; ) {
    const edit = edits[at];
    if (edit === undefined) break;
    const slash = edit.path.indexOf("/", depth);
    if (slash < 0) {
      putFile(folder, edit.path.slice(depth), edit);
      at++;
      continue;
    }
    const prefix = edit.path.slice(0, slash + 1);
    const start = at;
    while (at < to && edits[at]?.path.startsWith(prefix)) at++;
    folders.push({ name: edit.path.slice(depth, slash), from: start, to: at });
  }
  for (const { name, from: first, to: end } of folders) {
    const old = folder.find(name);
    const oldTree = old !== null && isFolder(old) ? old.oid : null;
    const tree = await buildTree(oldTree, edits, first, end, depth + name.length + 1, tools);
    if (tree !== null && old !== null && !isFolder(old)) throw conflict(edits[first]?.path ?? name);
    if (tree !== null) folder.set(name, { mode: folderMode, name, oid: tree });
    else if (oldTree !== null) folder.set(name, null);
  }
  const bytes = folder.bytes();
  return bytes.length === 0 ? null : tools.sink.add("tree", bytes);
}

function putFile(folder: EditedFolder, name: string, edit: TreeEdit): void {
  const old = folder.find(name);
  if (old !== null && isFolder(old)) {
    if (edit.to === null) return;
    throw conflict(edit.path);
  }
  folder.set(name, edit.to === null ? null : { mode: edit.to.mode, name, oid: edit.to.oid });
}

function conflict(path: string): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "commit.path-conflict",
    message: `${fromBytePath(path)} cannot be written: a file stands where a folder is needed, or the other way round.`,
    next: ["Move the file or folder of that name out of the way, commit that with Git, then run again."],
  });
}

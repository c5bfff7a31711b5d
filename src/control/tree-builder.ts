import { PhotosyncError } from "../domain/errors.js";
import { fromBytePath } from "./byte-path.js";
import type { ObjectSink } from "./object-sink.js";
import { encodeTree, folderMode, isFolder, type TreeEntry } from "./tree-codec.js";
import type { TreeReader } from "./tree-reader.js";

/** A file as a commit leaves it; `null` removes it. `path` is a byte path. */
export interface TreeEdit {
  readonly path: string;
  readonly file: { readonly oid: string; readonly mode: number } | null;
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
  return root ?? sink.add("tree", encodeTree([]));
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
  const entries = new Map<string, TreeEntry>();
  for (const entry of base === null ? [] : tools.trees.entriesOf(base)) entries.set(entry.name, entry);
  const folders: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (let at = from; at < to; ) {
    const edit = edits[at];
    if (edit === undefined) break;
    const slash = edit.path.indexOf("/", depth);
    if (slash < 0) {
      putFile(entries, edit.path.slice(depth), edit);
      at++;
      continue;
    }
    const prefix = edit.path.slice(0, slash + 1);
    const start = at;
    while (at < to && edits[at]?.path.startsWith(prefix)) at++;
    folders.push({ name: edit.path.slice(depth, slash), from: start, to: at });
  }
  for (const folder of folders) {
    const old = entries.get(folder.name);
    const oldTree = old !== undefined && isFolder(old) ? old.oid : null;
    const below = depth + folder.name.length + 1;
    const tree = await buildTree(oldTree, edits, folder.from, folder.to, below, tools);
    if (tree !== null && old !== undefined && !isFolder(old))
      throw conflict(edits[folder.from]?.path ?? folder.name);
    if (tree !== null) entries.set(folder.name, { mode: folderMode, name: folder.name, oid: tree });
    else if (oldTree !== null) entries.delete(folder.name);
  }
  return entries.size === 0 ? null : tools.sink.add("tree", encodeTree(entries.values()));
}

function putFile(entries: Map<string, TreeEntry>, name: string, edit: TreeEdit): void {
  const old = entries.get(name);
  if (old !== undefined && isFolder(old)) {
    if (edit.file === null) return;
    throw conflict(edit.path);
  }
  if (edit.file === null) entries.delete(name);
  else entries.set(name, { mode: edit.file.mode, name, oid: edit.file.oid });
}

function conflict(path: string): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "commit.path-conflict",
    message: `${fromBytePath(path)} cannot be written: a file stands where a folder is needed, or the other way round.`,
    next: ["Move the file or folder of that name out of the way, commit that with Git, then run again."],
  });
}

import { type BigIntStats, readdirSync } from "node:fs";
import { errnoOf, fileError, isTempName } from "../infra/durable-file.js";
import type { Call } from "../ports/call.js";
import type { WorkingState } from "../ports/control-plane.js";
import { fromBytePath, toBytePath } from "./byte-path.js";
import { GitIndex } from "./git-index.js";
import type { GitIndexFile } from "./git-index-file.js";
import type { GitRepository } from "./git-repository.js";
import { readHead } from "./head.js";
import { breathe, createPacer } from "./pacer.js";
import { hasBlob, isFolder, isPlainFile, type TreeEntry } from "./tree-codec.js";
import { isAsCommitted } from "./untouched-files.js";
import { type Copy, WorkingCopy } from "./working-copy.js";

/** See `ControlPlane.workingState`. An untouched file costs one lstat. */
export async function workingStates(
  repository: GitRepository,
  indexFile: GitIndexFile,
  paths: readonly string[],
): Promise<ReadonlyMap<string, WorkingState>> {
  const root = repository.trees.rootOf((await readHead(repository.gitDir)).revision);
  const staged = indexFile.load();
  const working = new WorkingCopy(repository.dir, staged ?? GitIndex.empty());
  const states = new Map<string, WorkingState>();
  const pace = createPacer(null);
  for (const path of paths) {
    await pace();
    const bytePath = toBytePath(path);
    states.set(path, stateOf(working, staged, bytePath, repository.trees.find(root, bytePath)));
  }
  return states;
}

/** See `ControlPlane.uncommitted`. Holds one folder at a time, and what it found. */
export async function uncommittedFiles(
  repository: GitRepository,
  indexFile: GitIndexFile,
  folders: readonly string[],
  call: Call,
): Promise<readonly { readonly path: string; readonly state: WorkingState }[]> {
  const { trees } = repository;
  const root = trees.rootOf((await readHead(repository.gitDir)).revision);
  const found = new Map<string, WorkingState>();
  const staged = indexFile.load();
  const walk: Walk = {
    repository,
    staged,
    working: new WorkingCopy(repository.dir, staged ?? GitIndex.empty()),
    call,
    pace: createPacer(call),
    found,
  };
  for (const folder of folders) {
    const path = toBytePath(folder);
    await walkFolder(walk, path, trees.find(root, path));
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, state]) => ({ path: fromBytePath(path), state }));
}

interface Walk {
  readonly repository: GitRepository;
  /** Null where the file is lost: what was staged cannot be known then. */
  readonly staged: GitIndex | null;
  readonly working: WorkingCopy;
  readonly call: Call;
  readonly pace: () => Promise<void> | undefined;
  readonly found: Map<string, WorkingState>;
}

/** Nearly always so of a whole folder of documents, and then there is nothing to be noted. */
function isAllAsCommitted({ repository, staged, working }: Walk, folder: string, tree: string): boolean {
  if (staged === null || folder === "" || working.folderKind(folder) !== "folder") return false;
  return isAsCommitted(staged, folder, working.absolute(folder), repository.trees.bytesOf(tree));
}

async function walkFolder(walk: Walk, folder: string, entry: TreeEntry | null): Promise<void> {
  const tree = entry !== null && isFolder(entry) ? entry.oid : null;
  if (tree !== null && isAllAsCommitted(walk, folder, tree)) return breathe(walk.call);
  const prefix = folder === "" ? "" : `${folder}/`;
  const subtrees = new Map<string, TreeEntry>();
  const tracked = new Set<string>();
  for (const each of tree === null ? [] : walk.repository.trees.entriesOf(tree)) {
    const pause = walk.pace();
    if (pause !== undefined) await pause;
    if (isFolder(each)) subtrees.set(each.name, each);
    else {
      tracked.add(each.name);
      const path = prefix + each.name;
      note(walk, path, hasBlob(each) ? stateOf(walk.working, walk.staged, path, each) : "clean");
    }
  }
  for (const { name, isDirectory } of strangersOnDisk(walk.working, folder, tracked, subtrees)) {
    await walk.pace();
    if (isDirectory) await walkFolder(walk, prefix + name, null);
    else if (!isTempName(name) && !(await isIgnoredByGit(walk, prefix + name)))
      note(walk, prefix + name, "untracked");
  }
  for (const [name, subtree] of subtrees) await walkFolder(walk, prefix + name, subtree);
}

function note(walk: Walk, path: string, state: WorkingState): void {
  if (state !== "clean" && state !== "absent") walk.found.set(path, state);
}

function stateOf(
  working: WorkingCopy,
  staged: GitIndex | null,
  path: string,
  entry: TreeEntry | null,
): WorkingState {
  const copy = working.look(path);
  if (copy.kind === "file" && isUntouched(staged, path, copy.stat, entry)) return "clean";
  const state = onDisk(working, path, copy, entry);
  if (staged === null || (state !== "clean" && state !== "absent")) return state;
  // A commit refuses to write over what is staged, whatever the working file holds.
  const blob = entry === null || isFolder(entry) ? null : entry.oid;
  return staged.find(path) === blob ? state : "edited";
}

/** Nearly always so, and told by one look into the index: file, index and commit agree. */
function isUntouched(
  staged: GitIndex | null,
  path: string,
  stat: BigIntStats,
  entry: TreeEntry | null,
): boolean {
  if (staged === null || entry === null || !isPlainFile(entry)) return false;
  const position = staged.positionOf(path);
  return (
    position >= 0 &&
    staged.kindAt(position) === "plain" &&
    staged.isUnchangedAt(position, stat) &&
    staged.oidAt(position) === entry.oid
  );
}

function onDisk(working: WorkingCopy, path: string, copy: Copy, entry: TreeEntry | null): WorkingState {
  if (entry === null || isFolder(entry)) return copy.kind === "absent" ? "absent" : "untracked";
  if (copy.kind === "absent") return "deleted";
  if (!isPlainFile(entry)) return copy.kind === "other" ? "clean" : "edited";
  return copy.kind === "file" && working.oidOf(path, copy.stat) === entry.oid ? "clean" : "edited";
}

/** What lies in a folder that HEAD's tree does not have there, under its name in Git. */
function strangersOnDisk(
  working: WorkingCopy,
  folder: string,
  tracked: ReadonlySet<string>,
  subtrees: ReadonlyMap<string, TreeEntry>,
): readonly { readonly name: string; readonly isDirectory: boolean }[] {
  const absolute = working.absolute(folder);
  const inGit = (name: string) => toBytePath(name.normalize("NFC"));
  const isKnown = (name: string) => tracked.has(name) || name === ".git";
  try {
    // Names alone are read twice as fast, and a folder of documents holds nothing else.
    if (readdirSync(absolute).every(isKnown)) return [];
    return readdirSync(absolute, { withFileTypes: true })
      .map((entry) => ({ name: inGit(entry.name), isDirectory: entry.isDirectory() }))
      .filter(({ name, isDirectory }) => !isKnown(name) && !(isDirectory && subtrees.has(name)));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
    throw fileError(error, absolute, "list");
  }
}

async function isIgnoredByGit({ repository }: Walk, path: string): Promise<boolean> {
  const { dir, gitDir } = repository;
  // Loaded late: it takes longer than all of `status` on a small library, and few libraries hold untracked files.
  const [{ isIgnored }, { lookingFs }] = await Promise.all([
    import("isomorphic-git"),
    import("./durable-fs.js"),
  ]);
  return isIgnored({ fs: lookingFs, dir, gitdir: gitDir, filepath: fromBytePath(path) });
}

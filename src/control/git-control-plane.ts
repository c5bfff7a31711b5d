import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type {
  CommitOutcome,
  CommitRecord,
  ControlPlane,
  FileChange,
  FileEdit,
  TreeFile,
  WorkingState,
  WrittenBundle,
} from "../ports/control-plane.js";
import { fromBytePath, toBytePath } from "./byte-path.js";
import { type Author, commitAuthor } from "./commit-author.js";
import { readJournal } from "./commit-journal.js";
import { parseCommit } from "./commit-object.js";
import { GitIndexFile } from "./git-index-file.js";
import { nullOid } from "./git-object.js";
import { type GitRepository, type OpenOptions, openRepository } from "./git-repository.js";
import { readHead } from "./head.js";
import { createPacer } from "./pacer.js";
import type { ReceivedBundle } from "./receive-bundle.js";
import { hasBlob, isFolder } from "./tree-codec.js";
import type { TreeReader } from "./tree-reader.js";
import { uncommittedFiles, workingStates } from "./working-state.js";

/** A control plane that holds files open; `close` lets go of them, and a later read opens them again. */
export interface GitControlPlane extends ControlPlane {
  /** Makes a bundle's history that of this repository, which has no commit yet, and checks it out; see `receiveBundle`. */
  receiveBundle(file: string, call: Call): Promise<ReceivedBundle>;
  close(): void;
}

/**
 * The control plane of the library in `libraryDir`, a Git repository with its working tree there. Opening changes nothing; run
 * `recover` under the library's lock before the first commit. Throws `library.not-a-repository`.
 */
export async function openControlPlane(
  libraryDir: string,
  options: OpenOptions = {},
): Promise<GitControlPlane> {
  return new RepositoryControlPlane(await openRepository(libraryDir, options));
}

class RepositoryControlPlane implements GitControlPlane {
  readonly #repository: GitRepository;
  readonly #trees: TreeReader;
  readonly #indexFile: GitIndexFile;

  constructor(repository: GitRepository) {
    this.#repository = repository;
    this.#trees = repository.trees;
    this.#indexFile = new GitIndexFile(repository.gitDir);
  }

  async head(): Promise<string> {
    return (await readHead(this.#repository.gitDir)).revision;
  }

  async author(): Promise<Author> {
    return commitAuthor(this.#repository.gitDir, this.#repository.environment);
  }

  async readFile(revision: string, path: string): Promise<Uint8Array | null> {
    const entry = this.#trees.find(this.#trees.rootOf(revision), toBytePath(path));
    return entry === null || !hasBlob(entry) ? null : this.#repository.objects.read(entry.oid, "blob");
  }

  async readObject(oid: string): Promise<Uint8Array> {
    return this.#repository.objects.read(oid, "blob");
  }

  async treeId(revision: string, path: string): Promise<string | null> {
    return this.#trees.find(this.#trees.rootOf(revision), toBytePath(path))?.oid ?? null;
  }

  async *listFiles(revision: string, folder: string, call: Call): AsyncIterable<TreeFile> {
    throwIfAborted(call);
    const pace = createPacer(call);
    const { tree, prefix } = this.#folder(revision, folder);
    for (const leaf of this.#trees.leaves(tree, prefix)) {
      await pace();
      if (hasBlob(leaf)) yield { path: fromBytePath(leaf.path), oid: leaf.oid };
    }
  }

  async *changes(from: string, to: string, folder: string, call: Call): AsyncIterable<FileChange> {
    throwIfAborted(call);
    const pace = createPacer(call);
    const { tree: before, prefix } = this.#folder(from, folder);
    const { tree: after } = this.#folder(to, folder);
    for (const change of this.#trees.diff(before, after, prefix)) {
      await pace();
      const was = change.before?.oid ?? null;
      const is = change.after?.oid ?? null;
      // A mode alone (somebody's chmod) leaves the document as it was.
      if (was !== is) yield { path: fromBytePath(change.path), before: was, after: is };
    }
  }

  async *history(revision: string, call: Call): AsyncIterable<CommitRecord> {
    throwIfAborted(call);
    const pace = createPacer(call);
    for (let next = revision; next !== nullOid; ) {
      await pace();
      const { parents, message, committedAt, author } = parseCommit(
        this.#repository.objects.read(next, "commit"),
        next,
      );
      yield { revision: next, parents, message, committedAt, author };
      next = parents[0] ?? nullOid;
    }
  }

  async workingState(paths: readonly string[]): Promise<ReadonlyMap<string, WorkingState>> {
    return workingStates(this.#repository, this.#indexFile, paths);
  }

  async uncommitted(
    folders: readonly string[],
    call: Call,
  ): Promise<readonly { readonly path: string; readonly state: WorkingState }[]> {
    throwIfAborted(call);
    return uncommittedFiles(this.#repository, this.#indexFile, folders, call);
  }

  async commit(
    base: string,
    edits: AsyncIterable<FileEdit> | Iterable<FileEdit>,
    message: string | (() => string),
    call: Call & { readonly evenIfSame?: boolean },
  ): Promise<CommitOutcome> {
    const pending = readJournal(this.#repository.dir);
    // A commit that failed after its branch had moved is completed first: its journal is about to be replaced.
    if (pending === "torn" || pending?.state === "started") await this.recover(call);
    // Loaded when it is needed: commands that only look are done before so many modules would be read.
    const { makeCommit } = await import("./commit.js");
    return makeCommit(this.#repository, this.#indexFile, base, edits, message, call);
  }

  async recover(call: Call): Promise<{ readonly rolledForward: boolean }> {
    // With what a commit needs: an upgrade of photosync during a long run must not come between its beginning and its end.
    const [{ recoverRepository }] = await Promise.all([import("./recover.js"), import("./commit.js")]);
    return recoverRepository(this.#repository, this.#indexFile, call);
  }

  async writeBundle(revision: string, file: string, call: Call): Promise<WrittenBundle> {
    const { writeBundle } = await import("./write-bundle.js");
    return writeBundle(this.#repository, revision, file, call);
  }

  async receiveBundle(file: string, call: Call): Promise<ReceivedBundle> {
    const { receiveBundle } = await import("./receive-bundle.js");
    const received = await receiveBundle(this.#repository, file, call);
    await this.recover(call);
    return received;
  }

  close(): void {
    this.#repository.objects.close();
  }

  #folder(revision: string, folder: string): { readonly tree: string | null; readonly prefix: string } {
    const path = toBytePath(folder);
    const entry = this.#trees.find(this.#trees.rootOf(revision), path);
    const tree = entry !== null && isFolder(entry) ? entry.oid : null;
    return { tree, prefix: path === "" ? "" : `${path}/` };
  }
}

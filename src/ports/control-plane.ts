import type { ContentHash } from "../domain/ids.js";
import type { Call } from "./call.js";

/** A path inside the library, with `/`, relative, without `.` or `..`, in NFC. `bytes: null` removes the file. */
export interface FileEdit {
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

export interface TreeFile {
  readonly path: string;
  /** Git's object id of the file's bytes. */
  readonly oid: string;
}

/** A file that differs between two revisions; `null` where it is absent on that side. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface CommitRecord {
  readonly revision: string;
  readonly parents: readonly string[];
  /** The whole message, trailers included. */
  readonly message: string;
  /** RFC 3339 with the committer's offset. */
  readonly committedAt: string;
  readonly author: string;
}

/** A Git bundle in a file. */
export interface WrittenBundle {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly objects: number;
  /** Every commit in it. */
  readonly commits: readonly string[];
}

export type CommitOutcome =
  | { readonly kind: "ok"; readonly revision: string }
  /** The edits changed nothing, and `evenIfSame` was not asked for: no commit was made. */
  | { readonly kind: "same"; readonly revision: string }
  /** Nothing was done: HEAD is no longer `base` (`paths` empty), or these files have uncommitted edits of the owner. */
  | { readonly kind: "diverged"; readonly paths: readonly string[] };

/** How a file in the working tree or the Git index stands to HEAD; `edited` also where only the index differs. */
export type WorkingState = "clean" | "edited" | "untracked" | "deleted" | "absent";

/**
 * The Git repository that holds a library's documents. Revisions are full commit ids.
 * Reading is allowed at any time; `commit` needs the library's process lock to be held by the caller.
 * Errors: `library.not-a-repository`, `library.damaged` (kind integrity), `library.read-only`, `store.no-space`; while another
 * Git program is at work `git.index-locked` and `git.ref-locked` (kind busy); `git.index-unsupported` (kind user).
 */
export interface ControlPlane {
  /** The commit at HEAD; forty zeros before the first commit, a revision in which every file is absent. */
  head(): Promise<string>;
  /** Whose name the next commit will carry. */
  author(): Promise<{ readonly name: string; readonly email: string }>;
  /** Bytes of a file at a revision, or null. */
  readFile(revision: string, path: string): Promise<Uint8Array | null>;
  /** Bytes of a Git blob by its object id. Throws `library.damaged` when it is not there. */
  readObject(oid: string): Promise<Uint8Array>;
  /** Object id of the folder (or file) at `path` (`""` is the root) in a revision, or null: equal ids mean equal contents. */
  treeId(revision: string, path: string): Promise<string | null>;
  /** Every file under a folder (`"photos"`), sorted by path; streamed, never all held. */
  listFiles(revision: string, folder: string, call: Call): AsyncIterable<TreeFile>;
  /** Files under `folder` that differ between two revisions, sorted by path; equal subtrees are not opened. */
  changes(from: string, to: string, folder: string, call: Call): AsyncIterable<FileChange>;
  /** First-parent history, newest first, from `revision`. */
  history(revision: string, call: Call): AsyncIterable<CommitRecord>;
  /** How each of these files stands to HEAD, on disk and staged in the Git index; cheap for clean ones (stat data of the Git index). */
  workingState(paths: readonly string[]): Promise<ReadonlyMap<string, WorkingState>>;
  /** Files under these folders that are edited (on disk or staged), untracked or deleted (ignored ones left out), sorted. */
  uncommitted(
    folders: readonly string[],
    call: Call,
  ): Promise<readonly { readonly path: string; readonly state: WorkingState }[]>;
  /**
   * Makes one commit on top of `base` with exactly these edits, moves the branch, and brings the working tree and
   * the Git index along. The commit is the instant the branch moves: a crash before leaves HEAD at `base`, one
   * after is rolled forward by `recover`. What the owner has staged or edited elsewhere stays staged or edited and is not
   * part of the commit. Edits are consumed once, streamed, in any order; the last edit of a path wins. A message
   * given as a function is asked for after them, so that it can count what they turned out to be. With `evenIfSame`, edits
   * that change nothing make a commit too, for the sake of its message. Edits go to HEAD's branch, or to a detached HEAD.
   * An abort is honoured until the branch moves. An error thrown after that (a full disk while files are written) leaves the
   * commit standing, and `recover` or the next `commit` completes it. Also throws
   * `commit.bad-path` (bug) and `commit.path-conflict` (user: a file where a folder is needed, or the reverse).
   */
  commit(
    base: string,
    edits: AsyncIterable<FileEdit> | Iterable<FileEdit>,
    message: string | (() => string),
    call: Call & { readonly evenIfSame?: boolean },
  ): Promise<CommitOutcome>;
  /**
   * Writes `revision` with its whole history as a Git bundle to a new file, which `git clone FILE` opens: HEAD, and the branch that HEAD names.
   * Objects are streamed. Throws `library.damaged` for a history with gaps; an unfinished file is the caller's to remove.
   */
  writeBundle(revision: string, file: string, call: Call): Promise<WrittenBundle>;
  /** Finishes or drops what an interrupted `commit` left; safe to repeat. To be called with the lock held, before anything else. */
  recover(call: Call): Promise<{ readonly rolledForward: boolean }>;
}

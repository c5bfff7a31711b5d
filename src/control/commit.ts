import { join } from "node:path";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type { CommitOutcome, FileEdit } from "../ports/control-plane.js";
import type { FileMove } from "./bring-file.js";
import { checkEditPath, fromBytePath, toBytePath } from "./byte-path.js";
import { type Author, commitAuthor } from "./commit-author.js";
import { abandonJournal, beginJournal, type CommitJournal, finishJournal } from "./commit-journal.js";
import { encodeCommit, type Signature } from "./commit-object.js";
import { GitIndex } from "./git-index.js";
import type { GitIndexFile, IndexLock } from "./git-index-file.js";
import { updatedIndex } from "./git-index-update.js";
import { nullOid, objectId } from "./git-object.js";
import type { GitRepository } from "./git-repository.js";
import { appendReflog, type Head, moveHead, readHead } from "./head.js";
import { writeLoose } from "./loose-objects.js";
import { ObjectSink } from "./object-sink.js";
import { ownersEdits } from "./owners-edits.js";
import { createPacer } from "./pacer.js";
import { SideThread } from "./side-thread.js";
import { buildRootTree } from "./tree-builder.js";
import { fileMode, isPlainFile, type TreeEntry } from "./tree-codec.js";
import { bringAlong } from "./working-tree.js";

type Edits = AsyncIterable<FileEdit> | Iterable<FileEdit>;

/**
 * The steps of `ControlPlane.commit`, in the order that makes each instant safe to die at: objects durable, journal durable,
 * branch moved (the commit), working tree, index, journal finished. Everything up to the journal leaves no trace but
 * unreachable objects; everything after the branch is done again by `recover`. An error after the branch has
 * moved (a full disk) is thrown as it is; the commit stands, and `recover` completes it.
 */
export async function makeCommit(
  repository: GitRepository,
  indexFile: GitIndexFile,
  base: string,
  edits: Edits,
  message: string | (() => string),
  call: Call & { readonly evenIfSame?: boolean },
): Promise<CommitOutcome> {
  throwIfAborted(call);
  const head = await readHead(repository.gitDir);
  if (head.revision !== base) return { kind: "diverged", paths: [] };
  const lock = indexFile.lock();
  const side = new SideThread();
  const sink = new ObjectSink(objectsDir(repository), side);
  try {
    repository.faultPoint("index-locked");
    const index = indexFile.load() ?? GitIndex.empty();
    const moves = await collectMoves(repository, base, edits, sink, call);
    if (moves.kind === "diverged") return moves;
    if (moves.moves.length === 0 && call.evenIfSame !== true) return { kind: "same", revision: base };
    const touched = await ownersEdits(repository.dir, index, moves.moves, call);
    if (touched.length > 0) return { kind: "diverged", paths: touched.map(fromBytePath) };
    const tree = await buildRootTree(repository.trees.rootOf(base), moves.moves, repository.trees, sink);
    await sink.finish();
    throwIfAborted(call);
    const journal = await recordCommit(
      repository,
      head,
      tree,
      typeof message === "string" ? message : message(),
    );
    if (journal === null) return { kind: "diverged", paths: [] };
    const contentOf = (oid: string) => sink.bytesOf(oid) ?? repository.objects.read(oid, "blob");
    const bringMoves = () =>
      bringAlong(
        repository,
        index,
        moves.moves,
        { mayReplace: isStillBase, trustStat: true, contentOf },
        side,
      );
    await follow(repository, index, lock, bringMoves, journal);
    return { kind: "ok", revision: journal.commit };
  } finally {
    sink.discard();
    await side.close();
    lock.release();
  }
}

type Collected =
  | { readonly kind: "moves"; readonly moves: readonly FileMove[] }
  | { readonly kind: "diverged"; readonly paths: readonly string[] };

/** Consumes the edits, hands new bytes to the sink, and returns what changes, sorted by path. */
async function collectMoves(
  { trees }: GitRepository,
  base: string,
  edits: Edits,
  sink: ObjectSink,
  call: Call,
): Promise<Collected> {
  const root = trees.rootOf(base);
  const wanted = new Map<string, { readonly oid: string | null; readonly from: TreeEntry | null }>();
  const pace = createPacer(call);
  for await (const edit of edits) {
    throwIfAborted(call);
    await pace();
    checkEditPath(edit.path);
    const path = toBytePath(edit.path);
    const oid = edit.bytes === null ? null : objectId("blob", edit.bytes);
    const from = trees.find(root, path);
    if (edit.bytes !== null && oid !== null && from?.oid !== oid) await sink.add("blob", edit.bytes, oid);
    wanted.set(path, { oid, from });
  }
  const moves: FileMove[] = [];
  const foreign: string[] = [];
  for (const [path, { oid, from }] of wanted) {
    if (oid === (from?.oid ?? null)) continue;
    // A link, folder or submodule of the owner's under the name of a document.
    if (from !== null && !isPlainFile(from)) foreign.push(fromBytePath(path));
    else moves.push({ path, from, to: oid === null ? null : { oid, mode: from?.mode ?? fileMode } });
  }
  if (foreign.length > 0) return { kind: "diverged", paths: foreign.sort() };
  moves.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kind: "moves", moves };
}

/** Writes the commit, the journal, and moves the branch. Null when somebody else moved it first. */
async function recordCommit(
  repository: GitRepository,
  head: Head,
  tree: string,
  message: string,
): Promise<CommitJournal | null> {
  const author: Author = await commitAuthor(repository.gitDir, repository.environment);
  const signature: Signature = { ...author, at: repository.now() };
  const parents = head.revision === nullOid ? [] : [head.revision];
  const bytes = encodeCommit({ tree, parents, author: signature, committer: signature, message });
  const commit = objectId("commit", bytes);
  // Outside the pack, whose name then depends on contents alone: a retry after a crash replaces it.
  await writeLoose(objectsDir(repository), new Map([[commit, { type: "commit", bytes }]]));
  repository.faultPoint("objects-written");
  const journal = await beginJournal(repository.dir, { base: head.revision, commit, ref: head.ref });
  repository.faultPoint("journal-begun");
  let moved = false;
  try {
    moved = await moveHead(repository, head, commit);
  } finally {
    if (!moved && (await readHead(repository.gitDir)).revision !== commit)
      await abandonJournal(repository.dir, journal);
  }
  if (!moved) return null;
  repository.faultPoint("ref-moved");
  await appendReflog(repository, head, commit, signature, message);
  repository.faultPoint("reflog-written");
  return journal;
}

/** Brings working tree and index to the commit. The moves were checked moments ago, and are checked again file by file. */
async function follow(
  repository: GitRepository,
  index: GitIndex,
  lock: IndexLock,
  bringMoves: () => ReturnType<typeof bringAlong>,
  journal: CommitJournal,
): Promise<void> {
  const { updates } = await bringMoves();
  repository.faultPoint("files-written");
  await lock.replace(updatedIndex(index, updates));
  repository.faultPoint("index-written");
  await finishJournal(repository.dir, journal, new Date());
  repository.faultPoint("journal-finished");
}

function isStillBase(move: FileMove, copy: { readonly kind: string }, oid: string | null): boolean {
  return copy.kind === "absent" ? move.from === null : oid !== null && oid === move.from?.oid;
}

function objectsDir(repository: GitRepository): string {
  return join(repository.gitDir, "objects");
}

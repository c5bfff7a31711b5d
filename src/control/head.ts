import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { discardFile, fileError, isTempName, makeFolderDurably, syncFolder } from "../infra/durable-file.js";
import { clearFolder } from "./clear-temps.js";
import { formatSignature, type Signature } from "./commit-object.js";
import { createExclusively, replaceFile } from "./exclusive-file.js";
import { repositoryConfig } from "./git-config-file.js";
import { damaged, nullOid } from "./git-object.js";
import { readRef, resolveRef } from "./git-refs.js";
import type { GitRepository } from "./git-repository.js";

/** Where HEAD stands. `ref` is the file that a commit moves: the branch, or HEAD itself when it is detached. */
export interface Head {
  readonly revision: string;
  readonly ref: string;
}

/** Throws `library.damaged` when HEAD or its branch cannot be read. */
export async function readHead(gitDir: string): Promise<Head> {
  const target = readRef(gitDir, "HEAD");
  if (target === null) throw damaged("HEAD is missing");
  if ("oid" in target) return { revision: target.oid, ref: "HEAD" };
  return { revision: resolveRef(gitDir, target.ref) ?? nullOid, ref: target.ref };
}

/**
 * Moves the ref from `from` to `to` as Git does: a `.lock` file taken exclusively, the old value checked under it, then a
 * rename. Durable when it resolves. Returns false, and changes nothing, when the ref was moved by somebody else. Throws
 * `git.ref-locked` (busy) when another program holds the ref's lock.
 */
export async function moveHead(repository: GitRepository, head: Head, to: string): Promise<boolean> {
  const path = join(repository.gitDir, head.ref);
  const lock = `${path}.lock`;
  try {
    await makeFolderDurably(dirname(path));
  } catch (error) {
    throw fileError(error, dirname(path), "create");
  }
  if (!createExclusively(lock, `${to}\n`)) throw refLocked(lock);
  try {
    const now = await readHead(repository.gitDir);
    if (now.revision !== head.revision || now.ref !== head.ref) {
      discardFile(lock);
      return false;
    }
    repository.faultPoint("ref-locked");
    replaceFile(lock, path);
  } catch (error) {
    discardFile(lock);
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** Removes what a killed `moveHead` to `to` left: the ref's lock, or the beginnings of it. The lock of any other program stays. */
export function clearRefLock(gitDir: string, ref: string, to: string): void {
  const lock = `${join(gitDir, ref)}.lock`;
  clearFolder(dirname(lock), isTempName);
  if (existsSync(lock) && readFileSync(lock, "latin1") === `${to}\n`) rmSync(lock, { force: true });
}

/**
 * Notes a move of HEAD in Git's reflog, the owner's way back with `git reset HEAD@{1}`. The move itself is done by then,
 * so a reflog that cannot be written is passed over.
 */
export async function appendReflog(
  repository: GitRepository,
  head: Head,
  to: string,
  committer: Signature,
  message: string,
): Promise<void> {
  const { gitDir } = repository;
  const subject = message.split("\n", 1)[0] ?? "";
  const line = `${head.revision} ${to} ${formatSignature(committer)}\tcommit: ${subject}\n`;
  const wanted = repositoryConfig(gitDir).get("core.logallrefupdates")?.toLowerCase() !== "false";
  for (const name of new Set(["HEAD", head.ref])) {
    const path = join(gitDir, "logs", name);
    if (!wanted && !existsSync(path)) continue;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(path, "a");
      try {
        appendFileSync(file, line);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // See above: losing a line of the reflog loses nothing of the library.
    }
  }
}

function refLocked(lock: string): PhotosyncError {
  return new PhotosyncError({
    kind: "busy",
    code: "git.ref-locked",
    message: `Another Git program is changing the branch (${lock} exists).`,
    next: [
      "Wait until it has finished and run this command again.",
      `If no Git program is running, it was left by a crash: delete ${lock}.`,
    ],
  });
}

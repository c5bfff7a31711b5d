import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { discardFile, errnoOf, fileError, writeFileDurably } from "../infra/durable-file.js";
import { createExclusively } from "./exclusive-file.js";
import { GitIndex } from "./git-index.js";
import { judge, ownIdentity, parseIdentity } from "./process-identity.js";

const lockMark = "photosync holds this lock ";

/** Git's index of one repository: reading is cached by the file's stat data, writing needs the lock. */
export class GitIndexFile {
  readonly #path: string;
  #read: { readonly stamp: string; readonly index: GitIndex } | null = null;

  constructor(gitDir: string) {
    this.#path = join(gitDir, "index");
  }

  /** The index as it is now; null when there is no file. Throws as `GitIndex.parse` does. */
  load(): GitIndex | null {
    try {
      const stat = statSync(this.#path, { bigint: true });
      const stamp = `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
      if (this.#read?.stamp !== stamp) {
        this.#read = { stamp, index: GitIndex.parse(readFileSync(this.#path), stat.mtimeNs) };
      }
      return this.#read.index;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return null;
      throw fileError(error, this.#path, "read the Git index");
    }
  }

  /**
   * Takes Git's own `index.lock`, so that no Git program changes the index meanwhile. Throws `git.index-locked` (busy)
   * when it is taken. The lock file names this process; the new index goes through a file of its own, so that
   * an `index.lock` that photosync leaves behind when killed can always be told from Git's.
   */
  lock(): IndexLock {
    const lockPath = `${this.#path}.lock`;
    if (!createExclusively(lockPath, `${lockMark}${JSON.stringify(ownIdentity())}\n`))
      throw indexLocked(lockPath);
    return {
      replace: (entries) => writeFileDurably(this.#path, entries),
      release: () => discardFile(lockPath),
    };
  }

  /**
   * Removes an `index.lock` that a killed photosync left, and tells whether there was one. Git's own and those of a live
   * process stay. To be called with the library's lock held.
   */
  clearStaleLock(): boolean {
    const lockPath = `${this.#path}.lock`;
    let text: string;
    try {
      text = readFileSync(lockPath, "latin1");
    } catch {
      return false;
    }
    if (!text.startsWith(lockMark)) return false;
    const identity = parseIdentity(parsedOrNull(text.slice(lockMark.length)));
    if (identity !== null && judge(identity) === "alive") return false;
    rmSync(lockPath, { force: true });
    return true;
  }
}

export interface IndexLock {
  /** Replaces the index, durably. */
  replace(file: Buffer): Promise<void>;
  /** May be called again. */
  release(): void;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function indexLocked(path: string): PhotosyncError {
  return new PhotosyncError({
    kind: "busy",
    code: "git.index-locked",
    message: `Another Git program is working in the library (${path} exists).`,
    next: [
      "Wait until it has finished (an editor may hold a commit open), then run this command again.",
      `If no Git program is running, it was left by a crash: delete ${path}.`,
    ],
  });
}

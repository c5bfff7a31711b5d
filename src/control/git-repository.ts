import { readFileSync, type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { fileError } from "../infra/durable-file.js";
import type { Environment } from "./commit-author.js";
import { repositoryConfig } from "./git-config-file.js";
import { ObjectStore } from "./object-store.js";
import { TreeReader } from "./tree-reader.js";

/** An opened repository: what the pieces of the control plane share. */
export interface GitRepository {
  /** The library's folder, absolute; the root of the working tree. */
  readonly dir: string;
  readonly gitDir: string;
  readonly objects: ObjectStore;
  readonly trees: TreeReader;
  readonly now: () => Date;
  readonly environment: Environment;
  /** Called at each point where a crash must do no harm; tests throw or kill the process from it. */
  readonly faultPoint: (name: string) => void;
}

export interface OpenOptions {
  readonly now?: () => Date;
  /** `HOME`, `XDG_CONFIG_HOME` and `GIT_AUTHOR_*` are looked up here; the process's own environment by default. */
  readonly environment?: Environment;
  readonly faultPoint?: (name: string) => void;
}

/**
 * Opens the repository whose working tree is `libraryDir` itself. Throws `library.not-a-repository` (user), also for
 * linked worktrees and formats that photosync does not write (SHA-256 ids, reftable); and what `fileError` makes of a
 * path that cannot be looked at.
 */
export async function openRepository(libraryDir: string, options: OpenOptions): Promise<GitRepository> {
  const dir = resolve(libraryDir);
  const gitDir = findGitDir(dir);
  const config = repositoryConfig(gitDir);
  const format = config.get("extensions.objectformat")?.toLowerCase();
  const refs = config.get("extensions.refstorage")?.toLowerCase();
  if ((format ?? "sha1") !== "sha1" || (refs ?? "files") !== "files") {
    throw notARepository(
      dir,
      `its repository uses ${format ?? "sha1"} ids and ${refs ?? "files"} refs, which photosync cannot write`,
      "Make the library anew with `photosync init`, or convert the repository to SHA-1 ids and ref files.",
    );
  }
  const objects = new ObjectStore(join(gitDir, "objects"));
  return {
    dir,
    gitDir,
    objects,
    trees: new TreeReader(objects),
    now: options.now ?? (() => new Date()),
    // biome-ignore lint/style/noProcessEnv: Git's own environment variables name the author of commits.
    environment: options.environment ?? process.env,
    faultPoint: options.faultPoint ?? (() => undefined),
  };
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path, "open");
  }
}

function findGitDir(dir: string): string {
  const path = join(dir, ".git");
  const kind = lookAt(path);
  if (kind === undefined) {
    throw notARepository(dir, "it holds no `.git` folder", "Make it a library with `photosync init`.");
  }
  const gitDir = kind.isDirectory() ? path : followGitFile(dir, path);
  if (statSync(join(gitDir, "commondir"), { throwIfNoEntry: false }) !== undefined) {
    throw notARepository(
      dir,
      "it is a linked worktree of another checkout",
      "Use the main checkout, or make a clone of its own with `git clone`.",
    );
  }
  if (statSync(join(gitDir, "HEAD"), { throwIfNoEntry: false }) === undefined) {
    throw notARepository(
      dir,
      `${gitDir} has no HEAD`,
      "Run `git init` in it to complete it, or fetch a fresh clone.",
    );
  }
  return gitDir;
}

/** A `.git` file names the real folder (gitrepository-layout): submodules and `--separate-git-dir` have one. */
function followGitFile(dir: string, path: string): string {
  const target = /^gitdir: (.+)\n?$/.exec(readFileSync(path, "utf8"))?.[1];
  if (target === undefined)
    throw notARepository(dir, "its `.git` file names no folder", "Fetch a fresh clone.");
  return resolve(dir, target);
}

function notARepository(dir: string, why: string, next: string): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "library.not-a-repository",
    message: `${dir} cannot be used as a library: ${why}.`,
    next: [next],
  });
}

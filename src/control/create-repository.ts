import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setConfig } from "isomorphic-git";
import { fileError, makeFolderDurably, syncFolder, writeFileDurably } from "../infra/durable-file.js";
import type { Author } from "./commit-author.js";
import { durableFs } from "./durable-fs.js";

/** The folders without which Git takes a folder for no repository, and those that its own commands expect. */
const FOLDERS = ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info", "hooks"] as const;

/**
 * Makes `libraryDir` an ordinary Git repository with the branch `main` and no commit yet (its head is `nullOid`, the
 * base of the first commit). A repository that is there already is left exactly as it is. An `author` given here is
 * kept in the repository's own config; without one, commits look the author up each time. HEAD is written last and
 * all else is done again without it, so one whose making was cut short is completed by the next call. Throws what
 * `fileError` makes of a file-system error.
 */
export async function createRepository(
  libraryDir: string,
  options: { readonly author?: Author } = {},
): Promise<{ readonly kind: "created" | "already" }> {
  const gitDir = join(libraryDir, ".git");
  const head = join(gitDir, "HEAD");
  try {
    if (statSync(head, { throwIfNoEntry: false }) !== undefined) return { kind: "already" };
    for (const folder of FOLDERS) await makeFolderDurably(join(gitDir, folder));
    await writeFileDurably(join(gitDir, "config"), Buffer.from(coreConfig(libraryDir), "utf8"));
    for (const key of ["name", "email"] as const) {
      const value = options.author?.[key];
      if (value !== undefined)
        await setConfig({ fs: durableFs, dir: libraryDir, path: `user.${key}`, value });
    }
    // An earlier call may have made folders and been killed before it synced them.
    for (const folder of ["objects", "refs", "."]) await syncFolder(join(gitDir, folder));
    await syncFolder(libraryDir);
    await writeFileDurably(head, Buffer.from("ref: refs/heads/main\n", "utf8"));
  } catch (error) {
    throw fileError(error, gitDir, "create the repository");
  }
  return { kind: "created" };
}

function coreConfig(libraryDir: string): string {
  const windows = process.platform === "win32";
  const ignoresCase = existsSync(join(libraryDir, ".GIT"));
  const lines = [
    "[core]",
    "\trepositoryformatversion = 0",
    `\tfilemode = ${!windows}`,
    "\tbare = false",
    "\tlogallrefupdates = true",
    ...(windows ? ["\tsymlinks = false"] : []),
    ...(ignoresCase ? ["\tignorecase = true"] : []),
    ...(process.platform === "darwin" ? ["\tprecomposeunicode = true"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

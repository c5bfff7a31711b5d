import { existsSync } from "node:fs";
import { join } from "node:path";
import { init, setConfig } from "isomorphic-git";
import { fileError, makeFolderDurably, syncFolder, writeFileDurably } from "../infra/durable-file.js";
import type { Author } from "./commit-author.js";
import { durableFs } from "./durable-fs.js";

/**
 * Makes `libraryDir` an ordinary Git repository with the branch `main` and no commit yet (its head is `nullOid`, the
 * base of the first commit). A repository that is there already is left exactly as it is. An `author` given here is
 * kept in the repository's own config; without one, commits look the author up each time. Throws what `fileError`
 * makes of a file-system error.
 */
export async function createRepository(
  libraryDir: string,
  options: { readonly author?: Author } = {},
): Promise<{ readonly kind: "created" | "already" }> {
  const gitDir = join(libraryDir, ".git");
  if (existsSync(join(gitDir, "HEAD"))) return { kind: "already" };
  try {
    await makeFolderDurably(libraryDir);
    await init({ fs: durableFs, dir: libraryDir, defaultBranch: "main" });
    // isomorphic-git describes the poorest file system there is; Git would look at the one at hand.
    await writeFileDurably(join(gitDir, "config"), Buffer.from(coreConfig(gitDir), "utf8"));
    for (const key of ["name", "email"] as const) {
      const value = options.author?.[key];
      if (value !== undefined)
        await setConfig({ fs: durableFs, dir: libraryDir, path: `user.${key}`, value });
    }
    // isomorphic-git makes its folders without syncing those that they are in.
    for (const folder of ["objects", "refs", "."]) await syncFolder(join(gitDir, folder));
    await syncFolder(libraryDir);
  } catch (error) {
    throw fileError(error, gitDir, "create the repository");
  }
  return { kind: "created" };
}

function coreConfig(gitDir: string): string {
  const windows = process.platform === "win32";
  const ignoresCase = existsSync(join(gitDir, "HEAD".toLowerCase()));
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

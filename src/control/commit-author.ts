import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseGitConfig } from "./git-config-file.js";

export interface Author {
  readonly name: string;
  readonly email: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const fallback: Author = { name: "photosync", email: "photosync@localhost" };

/**
 * Whose name a commit carries. Name and email each come from the first that has it: the repository's config, the
 * user's own Git config (`~/.gitconfig`, then `$XDG_CONFIG_HOME/git/config`), `GIT_AUTHOR_*`, `GIT_COMMITTER_*`, and last
 * `photosync <photosync@localhost>`. Never throws.
 */
export async function commitAuthor(gitDir: string, environment: Environment): Promise<Author> {
  const home = environment["HOME"] ?? homedir();
  const xdg = environment["XDG_CONFIG_HOME"] ?? join(home, ".config");
  const candidates: readonly Partial<Record<keyof Author, string | undefined>>[] = [
    userSection(join(gitDir, "config")),
    userSection(join(home, ".gitconfig")),
    userSection(join(xdg, "git", "config")),
    { name: environment["GIT_AUTHOR_NAME"], email: environment["GIT_AUTHOR_EMAIL"] },
    { name: environment["GIT_COMMITTER_NAME"], email: environment["GIT_COMMITTER_EMAIL"] },
  ];
  const first = (key: keyof Author) => candidates.map((candidate) => candidate[key]).find((value) => value);
  return { name: first("name") ?? fallback.name, email: first("email") ?? fallback.email };
}

/** `name` and `email` of the `[user]` section of a Git config file, as far as it can be read. */
function userSection(path: string): Partial<Record<keyof Author, string | undefined>> {
  try {
    const config = parseGitConfig(readFileSync(path, "utf8"));
    return { name: config.get("user.name"), email: config.get("user.email") };
  } catch {
    return {};
  }
}

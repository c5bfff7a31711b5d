import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { getConfig } from "isomorphic-git";
import { durableFs } from "./durable-fs.js";

export interface Author {
  readonly name: string;
  readonly email: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const fallback: Author = { name: "photosync", email: "photosync@localhost" };

/**
 * Whose name a commit carries. Name and email each come from the first that has it: the repository's config, the
 * user's own Git config (`~/.gitconfig`, then `$XDG_CONFIG_HOME/git/config`), `GIT_AUTHOR_*`, `GIT_COMMITTER_*`, and last
 * `photosync <photosync@localhost>`. isomorphic-git reads the repository's config alone. Never throws.
 */
export async function commitAuthor(gitDir: string, environment: Environment): Promise<Author> {
  const home = environment["HOME"] ?? homedir();
  const xdg = environment["XDG_CONFIG_HOME"] ?? join(home, ".config");
  const own = {
    name: await repositoryValue(gitDir, "user.name"),
    email: await repositoryValue(gitDir, "user.email"),
  };
  const candidates: readonly Partial<Record<keyof Author, string | undefined>>[] = [
    own,
    userSection(join(home, ".gitconfig")),
    userSection(join(xdg, "git", "config")),
    { name: environment["GIT_AUTHOR_NAME"], email: environment["GIT_AUTHOR_EMAIL"] },
    { name: environment["GIT_COMMITTER_NAME"], email: environment["GIT_COMMITTER_EMAIL"] },
  ];
  const first = (key: keyof Author) => candidates.map((candidate) => candidate[key]).find((value) => value);
  return { name: first("name") ?? fallback.name, email: first("email") ?? fallback.email };
}

async function repositoryValue(gitDir: string, path: string): Promise<string | undefined> {
  try {
    const value: unknown = await getConfig({ fs: durableFs, gitdir: gitDir, path });
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `name` and `email` of the `[user]` section of a Git config file; of repeated keys the last wins, as in Git. */
function userSection(path: string): { name?: string; email?: string } {
  const found: { name?: string; email?: string } = {};
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return found;
  }
  let inUser = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]/.exec(line);
    if (section !== null) inUser = section[1]?.trim().toLowerCase() === "user";
    const pair = /^\s*(name|email)\s*=\s*(.*)$/i.exec(line);
    if (!inUser || pair === null) continue;
    const value = plainValue(pair[2] ?? "");
    if (pair[1]?.toLowerCase() === "name") found.name = value;
    else found.email = value;
  }
  return found;
}

/** A config value without its comment, quotes and escapes (git-config, "Syntax"). */
function plainValue(raw: string): string {
  let value = "";
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    const char = raw.charAt(at);
    if (char === "\\") value += raw.charAt(++at);
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "#" || char === ";")) break;
    else value += char;
  }
  return value.trim();
}

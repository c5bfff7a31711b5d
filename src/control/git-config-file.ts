import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, fileError } from "../infra/durable-file.js";

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/**
 * The variables of a Git config file (git-config, "Syntax") outside of subsections, as `section.name` in lower case; of a repeated
 * one the last value. Includes are not followed. A line that Git would refuse is passed over.
 */
export function parseGitConfig(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = "";
  for (const line of logicalLines(text)) {
    const header = /^\s*\[\s*([\w.-]+)\s*("(?:[^"\\]|\\.)*")?\s*\]/.exec(line);
    if (header !== null) section = header[2] === undefined ? (header[1] ?? "").toLowerCase() : "";
    const rest = header === null ? line : line.slice(header[0].length);
    const pair = /^\s*([A-Za-z][\w-]*)\s*(?:=(.*))?$/s.exec(rest);
    if (pair === null || section === "") continue;
    found.set(`${section}.${(pair[1] ?? "").toLowerCase()}`, pair[2] === undefined ? "true" : plain(pair[2]));
  }
  return found;
}

/** The variables of a repository's own config file. Throws what `fileError` makes of a file that cannot be read. */
export function repositoryConfig(gitDir: string): ReadonlyMap<string, string> {
  const path = join(gitDir, "config");
  try {
    return parseGitConfig(readFileSync(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return new Map();
    throw fileError(error, path, "read");
  }
}

/** A backslash at the end of a line takes the next one along. */
function logicalLines(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/(?<!\\)((?:\\\\)*)\\\r?\n/g, "$1")
    .split(/\r?\n/);
}

/** A value without its comment, quotes, escapes and outer spaces. */
function plain(raw: string): string {
  let value = "";
  let kept = 0;
  let quoted = false;
  const text = raw.trimStart();
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === "\\") {
      const next = text.charAt(++at);
      value += escapes[next] ?? next;
    } else if (!quoted && (char === "#" || char === ";")) break;
    else value += char;
    if (quoted || !/\s/.test(char)) kept = value.length;
  }
  return value.slice(0, kept);
}

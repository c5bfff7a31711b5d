import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, fileError } from "../infra/durable-file.js";
import { damaged, isOid } from "./git-object.js";

/** Git itself gives up there (refs.h, SYMREF_MAXDEPTH). */
const mostLinks = 5;

/** What a ref holds: a commit, or the name of another ref. */
export type RefValue = { readonly oid: string } | { readonly ref: string };

/**
 * What stands under the name of a ref, in a file of its own or in `packed-refs` (gitrepository-layout); null when it does not
 * exist, as the branch before a first commit. Throws `library.damaged` for what is neither a commit nor a ref.
 */
export function readRef(gitDir: string, name: string): RefValue | null {
  const text = textOf(join(gitDir, name));
  if (text === null) return packedRef(gitDir, name);
  const value = text.trim();
  if (isOid(value)) return { oid: value };
  const target = /^ref:\s*(.+)$/.exec(value)?.[1];
  if (target === undefined || !/^refs\/(?!.*\.\.)[^\0\\]+$/.test(target))
    throw damaged(`the ref ${name} names no commit and no branch`);
  return { ref: target };
}

/** The commit that a ref leads to, through other refs if need be; null and errors as with `readRef`. */
export function resolveRef(gitDir: string, name: string): string | null {
  let next = name;
  for (let links = 0; links < mostLinks; links++) {
    const value = readRef(gitDir, next);
    if (value === null) return null;
    if ("oid" in value) return value.oid;
    next = value.ref;
  }
  throw damaged(`the ref ${name} leads in a circle`);
}

function packedRef(gitDir: string, name: string): RefValue | null {
  for (const line of (textOf(join(gitDir, "packed-refs")) ?? "").split("\n")) {
    const oid = line.slice(0, 40);
    if (line.charAt(40) === " " && line.slice(41).trimEnd() === name && isOid(oid)) return { oid };
  }
  return null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const errno = errnoOf(error);
    // A folder: other branches lie below that name.
    if (errno === "ENOENT" || errno === "ENOTDIR" || errno === "EISDIR") return null;
    throw fileError(error, path, "read");
  }
}

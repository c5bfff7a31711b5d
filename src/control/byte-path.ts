import { PhotosyncError } from "../domain/errors.js";

// Git orders names by their bytes and allows names that are no UTF-8; JavaScript orders strings by UTF-16 units.
// Inside this folder a path is therefore a "byte path": one character per byte (latin1), so that `<` is Git's order
// and every name survives a round trip. For ASCII paths, nearly all of them, it is the very same string.

/** The paths of all documents: no part starts with a dot. */
const plainPath = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** The byte path of a text path. */
export function toBytePath(path: string): string {
  return isAscii(path) ? path : Buffer.from(path, "utf8").toString("latin1");
}

/** The text of a byte path; bytes that are no UTF-8 become U+FFFD. */
export function fromBytePath(path: string): string {
  return isAscii(path) ? path : Buffer.from(path, "latin1").toString("utf8");
}

/** The byte path of the folder that holds `path`, or `""` for one at the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/**
 * Refuses a path that must never be written into a repository or a working tree: absolute, with `.`, `..`, empty or `.git`
 * parts (also as case-insensitive file systems and NTFS short names spell it), a NUL or a backslash.
 * Throws `commit.bad-path` (bug: callers build paths from ids and dates).
 */
export function checkEditPath(path: string): void {
  if (plainPath.test(path)) return;
  const bad =
    path === "" ||
    path.includes("\0") ||
    path.includes("\\") ||
    path !== path.normalize("NFC") ||
    path.split("/").some((part) => part === "" || part === "." || part === ".." || spellsGitFolder(part));
  if (!bad) return;
  throw new PhotosyncError({
    kind: "bug",
    code: "commit.bad-path",
    message: `A commit was asked to write ${JSON.stringify(path)}, which is no path inside the library.`,
    next: ["Please report this as a defect of photosync."],
  });
}

/** Whether a name is `.git`, or what some file system takes for it. */
export const spellsGitFolder = (part: string): boolean => /^(\.git|git~1)$/i.test(asDisksTakeIt(part));

/** Whether a name is `.photosync`, what a library keeps for this computer alone, or what some file system takes for it. */
export const spellsOwnFolder = (part: string): boolean => /^\.photosync$/i.test(asDisksTakeIt(part));

/** HFS+ ignores these code points in names; NTFS drops trailing dots and spaces, and ":" opens a stream. */
const asDisksTakeIt = (part: string): string =>
  part
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "")
    .replace(/[. ]+$/, "")
    .replace(/:.*$/, "");

/** Faster than a loop; control characters may take the longer way, with the same outcome. */
const notPlain = /[^ -~]/;

function isAscii(path: string): boolean {
  return !notPlain.test(path);
}

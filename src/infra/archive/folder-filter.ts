import picomatch from "picomatch";

/** Which files of a folder are wanted. */
export interface FolderFilter {
  /** Globs; with any given, only files that match one are listed. */
  readonly include?: readonly string[];
  /** Globs; matching files are left out, matching folders are not entered. They win over `include`. */
  readonly exclude?: readonly string[];
  /** Whether files and folders whose name begins with a dot are listed. */
  readonly hidden?: boolean;
  /** Absolute paths of folders and files that are never listed, by whatever name or link they are reached. */
  readonly without?: readonly string[];
  /**
   * Asked once for a walk: what tells of a file or folder whether it is never listed, by its absolute path with every link
   * above it followed.
   */
  readonly leftOut?: () => Promise<(realPath: string) => boolean>;
}

/** What programs and systems keep beside photos, in lower case: repositories, thumbnails, bins. Never listed. */
const NEVER = new Set([
  ".git",
  ".photosync",
  "@eadir",
  ".trashes",
  "system volume information",
  "$recycle.bin",
  "thumbs.db",
  ".ds_store",
]);

/** macOS keeps what other file systems cannot hold in files that begin so (AppleDouble, RFC 1740). */
const APPLE_DOUBLE = "._";

type Matches = (path: string) => boolean;

function matcher(globs: readonly string[]): Matches {
  const options = { dot: true, nocase: true };
  const each = globs.map((glob) => {
    const normal = glob.normalize("NFC").replace(/^\.?\/+/, "");
    return picomatch(normal, { ...options, basename: !normal.includes("/") });
  });
  return (path) => each.some((matches) => matches(path));
}

/**
 * Tells of a path relative to the folder, with `/` and in NFC, whether to list it. Globs match the whole relative path,
 * without regard to case; a glob without a slash matches the name alone, at any depth.
 */
export function folderFilter(filter: FolderFilter): { readonly file: Matches; readonly folder: Matches } {
  const included = matcher(filter.include ?? []);
  const excluded = matcher(filter.exclude ?? []);
  const anyInclude = (filter.include ?? []).length > 0;
  const anyExclude = (filter.exclude ?? []).length > 0;
  const allowed = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (NEVER.has(name.toLowerCase()) || name.startsWith(APPLE_DOUBLE)) return false;
    return (filter.hidden === true || !name.startsWith(".")) && !(anyExclude && excluded(path));
  };
  return {
    file: (path) => allowed(path) && (!anyInclude || included(path)),
    folder: allowed,
  };
}

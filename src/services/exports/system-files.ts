const SYSTEM_FILES = new Set([".ds_store", "thumbs.db", "desktop.ini", ".nomedia", "archive_browser.html"]);
const SYSTEM_FOLDERS = new Set(["__macosx", "@eadir", ".spotlight-v100", ".trashes", ".fseventsd"]);

/** True for what operating systems leave in folders and archives, and for Takeout's own index page. */
export function isSystemFile(path: string): boolean {
  const segments = path.toLowerCase().split("/");
  const name = segments.at(-1) ?? "";
  return (
    SYSTEM_FILES.has(name) || name.startsWith("._") || segments.some((segment) => SYSTEM_FOLDERS.has(segment))
  );
}

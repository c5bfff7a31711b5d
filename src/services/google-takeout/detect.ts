import { open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { closeRead } from "../../infra/close-read.js";
import { parseJsonBytes } from "../../infra/json-value.js";
import { classifyJson } from "./json-kinds.js";
import { isKnownYearPattern, isPhotosFolderName, yearPattern } from "./localized-names.js";

/** `Takeout/Google Photos/Photos from 2023` lies three folders below what people point at; one more for good measure. */
const LEVELS = 4;
const FOLDERS_LOOKED_INTO = 200;
const SIDECARS_READ = 40;
const SIDECARS_READ_PER_FOLDER = 3;
const LARGEST_SIDECAR_BYTES = 1024 * 1024;

/**
 * True where a folder is an unpacked Google Takeout, or a part of one: given at any level from around `Takeout` down
 * to one year's folder, in any language. Looks at names and into a few JSON files; the work is bounded whatever the
 * folder holds. A folder of archives that are still packed is none. Folders that cannot be read count as empty.
 */
export async function looksLikeTakeout(folder: string): Promise<boolean> {
  let level = [folder];
  let foldersLeft = FOLDERS_LOOKED_INTO;
  let sidecarsLeft = SIDECARS_READ;
  for (let depth = 0; depth < LEVELS && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const path of level.slice(0, foldersLeft)) {
      foldersLeft -= 1;
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      const names = entries.map(({ name }) => name);
      if (isTakeoutFolder(basename(path), names)) return true;
      for (const name of names
        .filter(isLikelySidecar)
        .slice(0, Math.min(SIDECARS_READ_PER_FOLDER, sidecarsLeft))) {
        sidecarsLeft -= 1;
        if (await isPhotoSidecar(join(path, name))) return true;
      }
      const inner = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      next.push(...inner.map(({ name }) => join(path, name)));
    }
    level = next;
  }
  return false;
}

/** Names that no other folder has: the Photos folder below `Takeout`, or holding years; Takeout's index page. */
function isTakeoutFolder(name: string, inside: readonly string[]): boolean {
  if (name === "Takeout") return inside.some(isPhotosFolderName) || inside.includes("archive_browser.html");
  return isPhotosFolderName(name) && inside.some(isYearFolderName);
}

function isYearFolderName(name: string): boolean {
  const year = yearPattern(name);
  return year !== null && isKnownYearPattern(year.pattern);
}

/** `IMG_1.jpg.supplemental-metadata.json`, cut anywhere, or `IMG_1.jpg.json`; other JSON is left unread here. */
const isLikelySidecar = (name: string): boolean =>
  /\.[^/]{1,40}\.json$/i.test(name) || /\(\d+\)\.json$/i.test(name);

/** The newer style, which nobody else uses. */
const isNewSidecarName = (name: string): boolean => /\.supplemental-metadata(?:\(\d+\))?\.json$/.test(name);

/** Where it cannot be read, by its name: an export must not become a plain folder because of one file. */
async function isPhotoSidecar(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return isNewSidecarName(path);
  try {
    const { size } = await file.stat();
    if (size > LARGEST_SIDECAR_BYTES) return false;
    const parsed = parseJsonBytes(await file.readFile());
    return parsed !== null && classifyJson(parsed.value, basename(path)).kind === "photo";
  } catch {
    return isNewSidecarName(path);
  } finally {
    await closeRead(file);
  }
}

/**
 * True where an archive with these entry names comes from Google Takeout: everything lies below `Takeout/`, or there
 * are sidecars in the newer style, as when somebody packed an unpacked export again.
 */
export function archiveLooksLikeTakeout(names: Iterable<string>): boolean {
  for (const name of names) {
    if (name.startsWith("Takeout/") || isNewSidecarName(name)) return true;
  }
  return false;
}

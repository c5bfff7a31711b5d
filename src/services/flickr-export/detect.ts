import { open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isJsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import { typeOfName } from "../../infra/media/media-type.js";
import { albumsOf } from "./albums.js";
import { isMediaName } from "./media-name.js";

/** Account data and media are unpacked beside each other, or one below the other. */
const LEVELS = 3;
const FOLDERS_LOOKED_INTO = 100;
const FILES_READ = 10;
const LARGEST_READ_BYTES = 8 * 1024 * 1024;

const PHOTO_FILE = /^photo_(\d{1,19})(?: ?\(\d+\))?\.json$/i;
const MEDIA_PART = /^data-download-\d+(?: ?\(\d+\))?(?:\.zip)?$/i;
const ACCOUNT_PART = /^\d{17}_[0-9a-f]{12}_part\d+(?: ?\(\d+\))?(?:\.zip)?$/i;

/** True for the names under which Flickr hands out the parts of an export, packed or unpacked. */
export const isExportPartName = (name: string): boolean => MEDIA_PART.test(name) || ACCOUNT_PART.test(name);

const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * What an archive with this name and these entries is to an export of Flickr's: `words` where it holds photos' JSON files
 * (told by their names), `media` where most of it has names as Flickr gives them, else null. Media alone may as well be
 * somebody's own collection: see `isNamedMediaPart`.
 */
export function archiveRole(archiveName: string, entries: Iterable<string>): "words" | "media" | null {
  const isAccountPart = ACCOUNT_PART.test(archiveName);
  let [files, media] = [0, 0];
  for (const entry of entries) {
    const name = baseOf(entry);
    if (name === "" || entry.startsWith("Takeout/")) continue;
    if (PHOTO_FILE.test(name) || name === "albums.json") return "words";
    if (isAccountPart && name.endsWith(".json")) return "words";
    files += 1;
    if (isMediaName(name)) media += 1;
  }
  return media * 2 > files ? "media" : null;
}

/** True for parts that Flickr named itself. */
export const isNamedMediaPart = (name: string): boolean => MEDIA_PART.test(name);

/**
 * What an unpacked folder is to an export of Flickr's, as `archiveRole` tells it of archives. A photo's file only counts when
 * its content agrees, and further down only when the pictures around it are Flickr's too: an export that lies somewhere among
 * one's own pictures does not make them Flickr's. The work is bounded whatever the folder holds; folders that cannot be read count as empty.
 */
export async function folderRole(folder: string): Promise<"words" | "media" | null> {
  let level = [folder];
  let foldersLeft = FOLDERS_LOOKED_INTO;
  let filesLeft = FILES_READ;
  const names: string[] = [];
  let hasWords = false;
  for (let depth = 0; depth < LEVELS && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const path of level.slice(0, Math.max(0, foldersLeft))) {
      foldersLeft -= 1;
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      const telling = entries.filter(({ name }) => PHOTO_FILE.test(name) || name === "albums.json");
      for (const { name } of telling.slice(0, filesLeft)) {
        filesLeft -= 1;
        hasWords ||= await tellsOfFlickr(join(path, name));
        if (hasWords && depth === 0) return "words";
      }
      names.push(...entries.filter((entry) => entry.isFile()).map(({ name }) => name));
      const inner = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      next.push(...inner.map(({ name }) => join(path, name)));
    }
    level = next;
  }
  const media = names.filter((name) => typeOfName(name) !== null);
  const isFlickrs = archiveRole(basename(folder), media) === "media";
  if (hasWords) return isFlickrs || media.length === 0 ? "words" : null;
  return isFlickrs ? "media" : null;
}

async function tellsOfFlickr(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    if (size > LARGEST_READ_BYTES) return false;
    const parsed = parseJsonBytes(await file.readFile());
    if (parsed === null || !isJsonRecord(parsed.value)) return false;
    const { value } = parsed;
    if (basename(path) === "albums.json") return albumsOf(value)?.some((album) => "photos" in album) === true;
    const isOwn = String(value["id"]) === PHOTO_FILE.exec(basename(path))?.[1];
    return isOwn && ["photopage", "privacy", "date_imported"].some((key) => key in value);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

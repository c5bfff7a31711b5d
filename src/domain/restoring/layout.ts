import { byCodeUnit } from "../same-json.js";
import { monthFolder } from "../taken-date.js";
import { foldName, safeFolderName } from "./safe-name.js";

/** Where photos without an album go in a tree by album. */
export const NO_ALBUM = "No album";

/** `2024/2024-01-31` by the wall clock as written, or `undated`. */
export function dayFolder(takenDate: string | null): string {
  const month = monthFolder(takenDate);
  if (takenDate === null || month === "undated") return "undated";
  return `${takenDate.slice(0, 4)}/${takenDate.slice(0, 10)}`;
}

/** Albums whose titles differ by letter case or Unicode form alone are one album, as for `list --album`. */
const albumKey = (title: string): string => title.normalize("NFC").trim().toLowerCase();

/**
 * The folder of each album of a library. Albums that are told apart in words are told apart as folders: where two titles come to
 * one name, the title that is that very name has it (else the first by code unit), and the others get eight digits of
 * `digest` behind it. Depends on the set of titles alone.
 */
export function albumFolders(
  titles: Iterable<string>,
  digest: (text: string) => string,
): (title: string) => string {
  const spelled = new Map<string, string>();
  for (const title of titles) {
    const key = albumKey(title);
    const known = spelled.get(key);
    if (known === undefined || byCodeUnit(title, known) < 0) spelled.set(key, title);
  }
  const albums = Array.from(spelled, ([key, title]) => ({
    key,
    title,
    name: safeFolderName(title, "Album"),
  }));
  const isUnchanged = ({ title, name }: { title: string; name: string }) => title === name;
  albums.sort((a, b) => Number(isUnchanged(b)) - Number(isUnchanged(a)) || byCodeUnit(a.key, b.key));
  const taken = new Set([foldName(NO_ALBUM)]);
  const folders = new Map<string, string>();
  for (const { key, name } of albums) {
    let folder = name;
    for (let digits = 8; taken.has(foldName(folder)); digits += 8)
      folder = `${name} (${digest(key).slice(0, digits)})`;
    taken.add(foldName(folder));
    folders.set(key, folder);
  }
  return (title) => folders.get(albumKey(title)) ?? safeFolderName(title, "Album");
}
